import { type Context, createContext, runInContext, Script } from 'node:vm'
import { PushwellError } from '../../shared/errors.ts'
import type { ScriptSource, ScriptSources } from './script-sources.ts'

/** A realm of its own for classic scripts, like the one that a browser gives each worker. */
export interface ClassicRealm {
  /** The global object, to be filled with what workers have. */
  readonly scope: Record<string, unknown>
  readonly JSON: JSON
  /** Evaluates the worker's own script. */
  evaluate(source: ScriptSource): void
  /** The worker's `importScripts`. */
  importScripts(...urls: readonly string[]): void
}

/** Makes an empty realm with the scripts that it may import. */
export function createClassicRealm(sources: ScriptSources, baseUrl: string): ClassicRealm {
  const scope: Record<string, unknown> = {}
  const context = createContext(scope, { name: baseUrl })
  scope['self'] = runInContext('globalThis', context)
  bridgeInstanceof(context)
  const imported = new Set<string>()
  let isEvaluated = false
  const run = ({ code, filename }: ScriptSource) => {
    new Script(code, { filename }).runInContext(context)
  }
  return {
    scope,
    JSON: runInContext('JSON', context) as JSON,
    evaluate(source) {
      run(source)
      isEvaluated = true
    },
    importScripts(...urls) {
      for (const given of urls) {
        const { href } = new URL(given, baseUrl)
        // Service Workers §4.1.4: once installed, only what was imported before.
        const source = isEvaluated && !imported.has(href) ? undefined : sources.read(href)
        if (!source) throw networkError(href, isEvaluated)
        imported.add(href)
        run(source)
      }
    },
  }
}

function networkError(url: string, isEvaluated: boolean): DOMException {
  const reason = isEvaluated
    ? 'it was not imported while the script was first evaluated'
    : 'there is no such file, nor is it in the scripts option of loadWorker'
  return new DOMException(`importScripts: ${url} failed to load: ${reason}.`, 'NetworkError')
}

/**
 * Has `instanceof` in a realm accept what our own made: its errors, promises and arrays come to the
 * worker's code through the fakes, and in a browser there is one realm.
 */
function bridgeInstanceof(context: Context): void {
  const names = runInContext('Object.getOwnPropertyNames(globalThis)', context) as string[]
  const ordinary = Function.prototype[Symbol.hasInstance]
  for (const name of names) {
    const theirs: unknown = runInContext(`globalThis[${JSON.stringify(name)}]`, context)
    const ours: unknown = Reflect.get(globalThis, name)
    if (typeof theirs !== 'function' || typeof ours !== 'function') continue
    if (!ours.prototype || theirs === ours) continue
    Object.defineProperty(theirs, Symbol.hasInstance, {
      value(this: unknown, value: unknown) {
        if (Reflect.apply(ordinary, this, [value])) return true
        return this === theirs && value instanceof (ours as new () => object)
      },
    })
  }
}

/** Wraps what evaluating a script threw, unless it is an error of ours already. */
export function evaluationError(error: unknown): PushwellError {
  if (error instanceof PushwellError) return error
  const { name, message } = (error ?? {}) as { name?: unknown; message?: unknown }
  const isModule =
    name === 'SyntaxError' && /import statement|token 'export'|import\.meta/.test(String(message))
  return new PushwellError(
    'worker-failed',
    isModule
      ? 'The worker’s script is an ES module: give loadWorker the option type: "module".'
      : `The worker’s script threw while it was evaluated: ${String(name)}: ${String(message)}`,
    { cause: error },
  )
}
