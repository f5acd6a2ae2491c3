import { withDeadline } from '../shared/deadline.ts'
import { PushwellError, type PushwellErrorCode } from '../shared/errors.ts'
import type { PagePlatform } from './page-platform.ts'

/** Which service worker to use: its URL, the URL with options, one that is there, or a way to it. */
export type ServiceWorkerSource =
  | string
  | URL
  | {
      readonly url: string | URL
      /** @default the worker's folder */
      readonly scope?: string
      /** @default 'classic' */
      readonly type?: WorkerType
    }
  | ServiceWorkerRegistration
  | (() => ServiceWorkerRegistration | Promise<ServiceWorkerRegistration>)
  /** None: `window.pushManager` alone, where messages are all declarative (Safari 18.4). */
  | false

/** Where a subscription is made: a registration with an active worker, or the window itself. */
export interface PushTarget {
  /** An absolute URL: what everything that is remembered goes by. */
  readonly scope: string
  readonly pushManager: PushManager
  /** Absent without a worker. */
  readonly registration?: ServiceWorkerRegistration
}

/**
 * Registers the worker and waits until it is active: Chromium refuses to subscribe before.
 *
 * Never waits for `serviceWorker.ready`, which does not settle when the page lies outside the
 * worker's scope.
 *
 * @throws PushwellError: `worker-missing`, `worker-wrong-type`, `worker-forbidden`,
 * `worker-failed`, `timeout` or `aborted`.
 */
export async function findPushTarget(
  source: ServiceWorkerSource,
  platform: PagePlatform,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<PushTarget> {
  if (source === false) {
    const scope = new URL('/', new Request('.').url).href
    return { scope, pushManager: platform.pushManager as PushManager }
  }
  const finding = findRegistration(source, platform)
  const registration = await withDeadline(finding, timeoutMs, 'Registering the worker', signal)
  await untilActive(registration, timeoutMs, signal)
  const { scope, pushManager } = registration
  return { scope, pushManager, registration }
}

/** Waits until a registration has an active worker. */
export async function untilActive(
  registration: ServiceWorkerRegistration,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<void> {
  if (registration.active) return
  await withDeadline(activation(registration), timeoutMs, 'Starting the worker', signal)
}

async function findRegistration(
  source: Exclude<ServiceWorkerSource, false>,
  { serviceWorker, fetch }: PagePlatform,
): Promise<ServiceWorkerRegistration> {
  if (typeof source === 'function') {
    const given: unknown = await source()
    if (isRegistration(given)) return given
    const sentence = 'The function serviceWorker gave no registration. Have it return one.'
    throw new PushwellError('worker-missing', sentence, { remedy: 'contact-site' })
  }
  if (typeof source === 'object' && 'pushManager' in source) return source
  const { url, ...options } =
    typeof source === 'string' || source instanceof URL ? { url: source } : source
  let cause: unknown
  try {
    const registration = await serviceWorker?.register(url, { updateViaCache: 'none', ...options })
    if (registration) return registration
  } catch (error) {
    cause = error
  }
  const [code, sentence] = explainRefusal(await fetch(url).catch(() => null), cause)
  const remedy = code === 'worker-forbidden' ? 'leave-private-browsing' : 'contact-site'
  throw new PushwellError(code, sentence, { cause, remedy })
}

/** Says in words what the browser's own error leaves open: what stands where the script should. */
function explainRefusal(script: Response | null, cause: unknown): [PushwellErrorCode, string] {
  const type = script?.headers.get('content-type') ?? ''
  if (script && !script.ok) {
    return ['worker-missing', `serviceWorker leads to status ${script.status}. Put the file there.`]
  }
  if (script && !/(java|ecma)script/i.test(type)) {
    return ['worker-wrong-type', `The worker is served as "${type}". Make it text/javascript.`]
  }
  return (cause as Partial<Error> | undefined)?.name === 'SecurityError'
    ? ['worker-forbidden', 'The browser allows no worker here: see the cause.']
    : ['worker-failed', workerFailed]
}

function isRegistration(value: unknown): value is ServiceWorkerRegistration {
  return typeof value === 'object' && value !== null && 'pushManager' in value
}

function activation({ installing, waiting }: ServiceWorkerRegistration): Promise<void> {
  const worker = installing ?? waiting
  return new Promise((resolve, reject) => {
    const fail = () => reject(new PushwellError('worker-failed', workerFailed))
    // It has become redundant already: nobody will say so again.
    if (!worker) return fail()
    worker.addEventListener('statechange', () => {
      if (worker.state === 'activated') resolve()
      if (worker.state === 'redundant') fail()
    })
  })
}

const workerFailed = 'The service worker failed: see the cause, or the browser console.'
