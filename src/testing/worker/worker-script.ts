import { isAbsolute, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { runInNewContext } from 'node:vm'
import { PushwellError, typeError } from '../../shared/errors.ts'
import { createClassicRealm, evaluationError } from './classic-script.ts'
import { installGlobals } from './installed-globals.ts'
import type { LoadWorkerOptions } from './load-worker-options.ts'
import { evaluateModule } from './module-script.ts'
import { createScriptSources, readFile, type ScriptSource } from './script-sources.ts'
import type { WorkerDatabase } from './worker-database.ts'
import { createWorkerGlobals, readNodeGlobals } from './worker-globals.ts'
import { createWorkerRun, type WorkerRun } from './worker-run.ts'
import type { WorkerSite } from './worker-site.ts'

/** A worker's script: a file, or a function that is given the worker's global object. */
export type WorkerScript = URL | ((scope: Record<string, unknown>) => unknown)

/** What each run of a script is started with. */
export interface ScriptContext {
  readonly site: WorkerSite
  readonly script: WorkerScript
  readonly options: LoadWorkerOptions
  readonly database: WorkerDatabase
}

/** Reads the first parameter of `loadWorker`. */
export function readScript(given: unknown): WorkerScript {
  if (typeof given === 'function') return given as WorkerScript
  if (given instanceof URL || (typeof given === 'string' && given.startsWith('file:'))) {
    const url = new URL(given)
    if (url.protocol === 'file:') return url
  } else if (typeof given === 'string' && given !== '') {
    return pathToFileURL(isAbsolute(given) ? given : resolve(given))
  }
  throw typeError(
    'invalid-argument',
    'script must be the path of a file, a file URL, or a function that is given the scope.',
  )
}

/** The folder that the worker's origin serves, as a file URL. */
export function rootOf(script: WorkerScript, { root }: LoadWorkerOptions): URL {
  if (root !== undefined) {
    const folder = root instanceof URL ? fileURLToPath(root) : resolve(root)
    return new URL(`${pathToFileURL(folder).href.replace(/\/$/, '')}/`)
  }
  return script instanceof URL ? new URL('./', script) : pathToFileURL(`${resolve('.')}/`)
}

/**
 * Starts a run: evaluates the script among new fakes.
 *
 * @throws {@link PushwellError} `worker-failed` when there is no script, or when evaluating it throws.
 */
export async function startRun(context: ScriptContext): Promise<WorkerRun> {
  const { script, options } = context
  if (typeof script === 'function') return runFunction(context, script)
  const source = readFile(script)
  if (!source) {
    throw new PushwellError(
      'worker-failed',
      `There is no worker script at ${fileURLToPath(script)}.`,
    )
  }
  const { type = /\.(mjs|mts|ts)$/.test(script.pathname) ? 'module' : 'classic' } = options
  return type === 'module' ? runModule(context, script) : runClassic(context, source)
}

async function runClassic(context: ScriptContext, source: ScriptSource): Promise<WorkerRun> {
  const { site } = context
  const sources = await createScriptSources(source.code, sourceOptions(context))
  const realm = createClassicRealm(sources, site.scriptUrl)
  const run = createWorkerRun(site, realm.scope, realm)
  Object.assign(realm.scope, readNodeGlobals())
  const importScripts = (...urls: readonly string[]) => realm.importScripts(...urls)
  Object.defineProperties(realm.scope, globalsOf(run, context, importScripts))
  return evaluate(run, () => realm.evaluate(source))
}

async function runModule(context: ScriptContext, script: URL): Promise<WorkerRun> {
  const { site, options } = context
  const sources = await createScriptSources(undefined, sourceOptions(context))
  const scope = createOwnGlobal()
  const run = createWorkerRun(site, scope, { JSON })
  const globals = globalsOf(run, context, refuseImportScripts)
  Object.defineProperties(scope, globals)
  const names = [...Object.keys(globals), 'self', 'globalThis']
  const { href: root } = rootOf(script, options)
  return evaluate(run, () => evaluateModule({ url: script.href, root, sources, scope, names }))
}

async function runFunction(
  context: ScriptContext,
  script: (scope: Record<string, unknown>) => unknown,
): Promise<WorkerRun> {
  const { site, options } = context
  const scope = createOwnGlobal()
  const run = createWorkerRun(site, scope, { JSON })
  const globals = globalsOf(run, context, refuseImportScripts)
  Object.defineProperties(scope, globals)
  if (!options.globals) return evaluate(run, () => script(scope))
  // Timers and what else Node has stay the test's own.
  const { setTimeout: _1, setInterval: _2, clearTimeout: _3, clearInterval: _4, ...own } = globals
  const remove = installGlobals({ ...own, self: { value: scope, configurable: true } })
  const withGlobals: WorkerRun = {
    ...run,
    end() {
      remove()
      run.end()
    },
  }
  return evaluate(withGlobals, async () => {
    await script(scope)
    if (run.listeners.any()) return
    throw new PushwellError(
      'worker-failed',
      'The function added no listener. A module that it imports is evaluated only the first time: reset the test runner’s modules before (vi.resetModules(), jest.resetModules()).',
    )
  })
}

async function evaluate(run: WorkerRun, call: () => unknown): Promise<WorkerRun> {
  try {
    await run.inside(run, call)
  } catch (error) {
    run.end()
    throw evaluationError(error)
  }
  run.evaluated()
  return run
}

function globalsOf(
  run: WorkerRun,
  { database, options }: ScriptContext,
  importScripts: (...urls: readonly string[]) => void,
): PropertyDescriptorMap {
  const { fetch, language = 'en' } = options
  return createWorkerGlobals(run, { database, fetch, language, importScripts })
}

function sourceOptions({ site, script, options }: ScriptContext) {
  const { scripts = {}, fetch } = options
  return { root: rootOf(script, options).href, scriptUrl: site.scriptUrl, scripts, fetch }
}

function refuseImportScripts(): never {
  throw new TypeError('importScripts: module scripts don’t support importScripts().')
}

/** A global object in this realm: what JavaScript itself has, what Node shares with workers, `self`. */
function createOwnGlobal(): Record<string, unknown> {
  const names = runInNewContext('Object.getOwnPropertyNames(globalThis)') as string[]
  const builtIn = names.map((name) => [name, Reflect.get(globalThis, name) as unknown] as const)
  const scope: Record<string, unknown> = { ...Object.fromEntries(builtIn), ...readNodeGlobals() }
  scope['self'] = scope
  scope['globalThis'] = scope
  return scope
}
