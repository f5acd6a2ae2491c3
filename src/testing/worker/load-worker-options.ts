import type { WorkerEngine } from './worker-engine.ts'
import type { WorkerFetch } from './worker-fetch.ts'
import type { WorkerPermission } from './worker-site.ts'
import type { WorkerWindowOptions } from './worker-windows.ts'

/** How {@link loadWorker} sets up what is around a worker. All of it has defaults. */
export interface LoadWorkerOptions {
  /**
   * Whose habits the fakes follow.
   *
   * @default 'chromium'
   */
  readonly engine?: WorkerEngine
  /**
   * How the page registers a script file: as `navigator.serviceWorker.register` takes it.
   *
   * @default 'module' for .mjs, .mts and .ts files, 'classic' for others
   */
  readonly type?: 'classic' | 'module'
  /** The registration's scope. @default 'https://app.example/' */
  readonly scope?: string
  /** The folder that the worker's origin serves. @default the script's own folder */
  readonly root?: string | URL
  /**
   * Scripts that are not files, for `importScripts` and imports: code by URL, which may be relative
   * to the worker's script. Scripts of other origins that are named in `importScripts('https://…')`
   * come through `fetch` when they are not here.
   */
  readonly scripts?: Readonly<Record<string, string>>
  /** What the user has decided. @default 'granted' */
  readonly permission?: WorkerPermission
  /**
   * Whether there is a push subscription from the start; `applicationServerKey` is its key.
   *
   * @default true, as long as permission is granted
   */
  readonly subscription?: boolean
  /** The key of the subscription that is there from the start, base64url. */
  readonly applicationServerKey?: string
  /** Open windows, the last focused last. @default none */
  readonly windows?: readonly WorkerWindowOptions[]
  /** Answers the worker's requests. @default every request is rejected, saying so */
  readonly fetch?: WorkerFetch
  /**
   * Gives milliseconds since the epoch: activation after a click goes by it, and timestamps.
   *
   * @default Date.now
   */
  readonly now?: () => number
  /** `navigator.language`. @default 'en' */
  readonly language?: string
  /**
   * For the function form: puts the worker's globals on `globalThis` until `dispose()`, so that a
   * script which the function imports finds them: `loadWorker(() => import('./sw.ts'), { globals:
   * true })`. One worker at a time.
   *
   * @default false
   */
  readonly globals?: boolean
  /**
   * How long an event may take, in milliseconds. Browsers give it 30 seconds and more; this is less
   * than test runners wait.
   *
   * @default 4000
   */
  readonly eventTimeoutMs?: number
}
