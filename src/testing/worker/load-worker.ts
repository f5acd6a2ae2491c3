import { PushwellError, typeError } from '../../shared/errors.ts'
import { createWorkerSite } from './create-worker-site.ts'
import type { FakeWorkerScope } from './fake-worker-scope.ts'
import type { LoadWorkerOptions } from './load-worker-options.ts'
import type { LoadedWorker } from './loaded-worker.ts'
import { createLoadedWorker } from './create-loaded-worker.ts'
import { createWorkerDatabase } from './worker-database.ts'
import { engineTraits } from './worker-engine.ts'
import { readScript, startRun } from './worker-script.ts'
import { createWorkerSession, type WorkerSession } from './worker-session.ts'

/**
 * Runs a service worker in this process, among honest fakes of all that a push worker may touch, and
 * installs and activates it: push events in, shown notifications out.
 *
 * What can be loaded:
 * - a classic script, in a realm of its own, with `importScripts`;
 * - a module worker (`.mjs`, `.mts`, `.ts`, or any file with `type: 'module'`) through Node's own
 *   loader, with the TypeScript that Node strips; Jest has a loader of its own and does not let it;
 * - a function that is given the worker's global object, and that with `globals: true` may import a
 *   script in whatever way the test runner does.
 *
 * @param script - A path relative to the working directory, a file URL, or a function.
 * @throws {@link PushwellError} `worker-failed` when there is no such file, evaluating it throws, or
 * it fails to install.
 */
export async function loadWorker<Scope = FakeWorkerScope>(
  script: string | URL | ((scope: Scope) => unknown),
  options: LoadWorkerOptions = {},
): Promise<LoadedWorker<Scope>> {
  const { engine = 'chromium', eventTimeoutMs = 4000 } = options
  if (!Object.hasOwn(engineTraits, engine)) {
    const expectation = `engine must be chromium, firefox or webkit; got ${engine}.`
    throw typeError('invalid-argument', expectation)
  }
  const read = readScript(script)
  const site = createWorkerSite(read, options, (notification, how) => {
    session.tellOfEnd(notification, how)
  })
  const database = await createWorkerDatabase()
  const context = { site, script: read, options, database }
  const session: WorkerSession = createWorkerSession(site, () => startRun(context), eventTimeoutMs)
  await session.start()
  await install(session)
  return createLoadedWorker<Scope>(session)
}

async function install(session: WorkerSession): Promise<void> {
  const { site } = session
  const installed = await session.dispatch({ type: 'install', class: 'ExtendableEvent' })
  if ('failed' in installed) {
    session.end()
    throw new PushwellError('worker-failed', 'The worker failed to install: see the cause.', {
      cause: installed.failed,
    })
  }
  site.state = 'activating'
  // A worker whose activate event fails is active all the same (Service Workers, "Activate").
  await session.dispatch({ type: 'activate', class: 'ExtendableEvent' })
  site.state = 'activated'
}
