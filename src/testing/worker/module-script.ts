import Module, { registerHooks } from 'node:module'
import { randomUUID } from 'node:crypto'
import { pathToFileURL } from 'node:url'
import { PushwellError } from '../../shared/errors.ts'
import type { ScriptSources } from './script-sources.ts'

/** A module worker to evaluate. */
export interface ModuleWorker {
  /** The file URL of its main module. */
  readonly url: string
  /** The file URL of the folder that its origin serves; ends with a slash. */
  readonly root: string
  readonly sources: ScriptSources
  readonly scope: Readonly<Record<string, unknown>>
  /** The globals of the worker that Node has not, or has otherwise. */
  readonly names: readonly string[]
}

const query = 'pushwell-worker'

/**
 * Evaluates a module worker with Node's own loader, TypeScript included, in the realm of the caller.
 * Each module of its graph gets the worker's globals as constants in front of its code, on the first
 * line, so that lines stay where they are. CommonJS modules are left as they are.
 *
 * Node keeps every module for good: each run of a worker is a new copy of its graph.
 */
export async function evaluateModule(worker: ModuleWorker): Promise<void> {
  const declared = new Map<string, Set<string>>()
  while (!(await attempt(worker, declared))) {
    // Once more, without the constant that a module declares itself.
  }
}

/** Evaluates it; `false` when a constant stood in the way, which is then in `declared`. */
async function attempt(worker: ModuleWorker, declared: Map<string, Set<string>>): Promise<boolean> {
  const id = randomUUID()
  const handle = Symbol.for(`${query}.${id}`)
  let last = { url: '', names: [] as readonly string[] }
  const prefix = (url: string, code: string): string => {
    const own = declared.get(bare(url)) ?? new Set()
    const names = worker.names.filter((name) => !own.has(name) && mentions(code, name))
    last = { url: bare(url), names }
    return `import __pushwell from '${query}:${id}';const{${names.join()}}=__pushwell;${code}`
  }
  const hooks = register(createHooks(worker, id, prefix))
  Object.defineProperty(globalThis, handle, { value: worker.scope, configurable: true })
  try {
    await nativeImport(`${worker.url}?${query}=${id}`)
    return true
  } catch (error) {
    const name = /^Identifier '(.+)' has already been declared$/.exec(String(messageOf(error)))?.[1]
    // A module is compiled right after it is loaded.
    if (name === undefined || !last.names.includes(name)) throw error
    declared.set(last.url, new Set([...(declared.get(last.url) ?? []), name]))
    return false
  } finally {
    hooks.deregister()
    Reflect.deleteProperty(globalThis, handle)
  }
}

type Hooks = Parameters<typeof registerHooks>[0]

function register(hooks: Hooks): ReturnType<typeof registerHooks> {
  try {
    return registerHooks(hooks)
  } catch (cause) {
    // Jest, for one, has a loader of its own, and refuses.
    throw new PushwellError(
      'worker-failed',
      'A module worker cannot be loaded by its file in this test runner. Load it by a function: loadWorker(() => import("./sw.js"), { globals: true }).',
      { cause },
    )
  }
}

function createHooks(
  { url: main, root, sources }: ModuleWorker,
  id: string,
  prefix: (url: string, code: string) => string,
): Hooks {
  const mark = `${query}=${id}`
  const isOurs = (url: string | undefined) => url?.endsWith(mark) ?? false
  return {
    resolve(specifier, context, next) {
      if (specifier === `${query}:${id}`) {
        return { url: specifier, format: 'module', shortCircuit: true }
      }
      if (!isOurs(context.parentURL)) return next(specifier, context)
      if (/^https?:/.test(specifier)) {
        return { url: `${specifier}#${mark}`, format: 'module', shortCircuit: true }
      }
      const found = next(
        specifier.startsWith('/') && !specifier.startsWith('//')
          ? new URL(`.${specifier}`, root).href
          : specifier,
        context,
      )
      const isModule = found.url.startsWith('file:') && !/^(commonjs|json)/.test(found.format ?? '')
      return isModule ? { ...found, url: `${found.url}?${mark}` } : found
    },
    load(url, context, next) {
      if (url === `${query}:${id}`) {
        const source = `export default globalThis[Symbol.for('${query}.${id}')]`
        return { format: 'module', source, shortCircuit: true }
      }
      if (!isOurs(url)) return next(url, context)
      if (/^https?:/.test(url)) {
        const found = sources.read(bare(url))
        if (!found) throw new Error(`Nothing is at ${bare(url)}: give it in the scripts option.`)
        return { format: 'module', source: prefix(url, found.code), shortCircuit: true }
      }
      // The main module is one whatever the package.json next to it says.
      const format = /\.m?ts$/.test(bare(url)) ? 'module-typescript' : 'module'
      const loaded = next(url, bare(url) === main ? { ...context, format } : context)
      if (!loaded.format?.startsWith('module')) return loaded
      return { ...loaded, source: prefix(url, textOf(loaded.source)) }
    },
  }
}

function bare(url: string): string {
  return url.replace(/[?#]pushwell-worker=.*$/, '')
}

function mentions(code: string, name: string): boolean {
  return new RegExp(`\\b${name}\\b`).test(code)
}

function textOf(source: unknown): string {
  return typeof source === 'string' ? source : new TextDecoder().decode(source as Uint8Array)
}

function messageOf(error: unknown): unknown {
  return (error as { message?: unknown } | null)?.message
}

/**
 * Imports with Node's own loader, also from where a test runner has put its own in the place of
 * `import()`: a CommonJS module keeps Node's.
 */
function nativeImport(url: string): Promise<unknown> {
  const filename = import.meta.filename ?? pathToFileURL('/').href
  const commonjs = new Module(filename) as Module & {
    _compile(code: string, filename: string): void
  }
  commonjs._compile('module.exports = (url) => import(url)', filename)
  return (commonjs.exports as (url: string) => Promise<unknown>)(url)
}
