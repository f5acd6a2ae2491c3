import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { PushwellError } from '../../shared/errors.ts'
import type { WorkerFetch } from './worker-fetch.ts'

/** A script's code, and what it is called in stack traces. */
export interface ScriptSource {
  readonly code: string
  readonly filename: string
}

/** The scripts that a worker can reach. */
export interface ScriptSources {
  /** Gives what is at a URL; `undefined` when nothing is. */
  read(url: string): ScriptSource | undefined
}

/** What is needed to find scripts. */
export interface ScriptSourcesOptions {
  /** The folder that the worker's origin serves, as a file URL that ends with a slash. */
  readonly root: string
  readonly scriptUrl: string
  /** Code by URL, which may be relative to the worker's script. */
  readonly scripts: Readonly<Record<string, string>>
  readonly fetch: WorkerFetch | undefined
}

/**
 * Makes the scripts reachable: the given ones, files under the root, and those of other origins that
 * the main script, or one of these in turn, names in `importScripts('https://…')`. The latter are
 * fetched now, because `importScripts` cannot wait.
 */
export async function createScriptSources(
  main: string | undefined,
  options: ScriptSourcesOptions,
): Promise<ScriptSources> {
  const { root, scriptUrl, scripts, fetch } = options
  const given = new Map(
    Object.entries(scripts).map(([url, code]) => [new URL(url, scriptUrl).href, code]),
  )
  const { origin } = new URL(scriptUrl)
  const collect = async (code: string): Promise<void> => {
    for (const url of importedUrls(code, scriptUrl)) {
      if (given.has(url) || new URL(url).origin === origin || !fetch) continue
      const response = await fetch(new Request(url))
      if (!response.ok) {
        throw new PushwellError('worker-failed', `Fetching ${url} answered ${response.status}.`)
      }
      const fetched = await response.text()
      given.set(url, fetched)
      await collect(fetched)
    }
  }
  if (main !== undefined) await collect(main)
  return {
    read(url) {
      const code = given.get(url)
      if (code !== undefined) return { code, filename: url }
      const { origin: from, pathname } = new URL(url)
      if (from !== origin) return undefined
      return readFile(new URL(`.${pathname}`, root))
    },
  }
}

/** Reads a file; `undefined` when there is none. */
export function readFile(url: URL): ScriptSource | undefined {
  const filename = fileURLToPath(url)
  try {
    return { code: readFileSync(filename, 'utf8'), filename }
  } catch {
    return undefined
  }
}

/** The URLs that stand as literals in calls of `importScripts`. */
function importedUrls(code: string, baseUrl: string): string[] {
  const calls = code.matchAll(/\bimportScripts\s*\(([^)]*)\)/g)
  const literals = [...calls].flatMap(([, list = '']) =>
    Array.from(list.matchAll(/(["'`])(.*?)\1/g)),
  )
  return literals
    .map(([, , url = '']) => url)
    .filter((url) => URL.canParse(url, baseUrl))
    .map((url) => new URL(url, baseUrl).href)
}
