import type { ApplicationServerKey } from '../shared/application-server-key.ts'
import type { SyncTransport } from '../shared/sync-transport.ts'
import type { ServiceWorkerSource } from './worker-registration.ts'

/** What `createPushClient` needs to know. */
export interface PushClientOptions {
  /**
   * The backend's public VAPID key: base64url without padding, its 65 octets, or a function that
   * fetches either (called by `prepare()`).
   */
  readonly applicationServerKey:
    | ApplicationServerKey
    | (() => ApplicationServerKey | Promise<ApplicationServerKey>)
  /** The worker that shows the notifications. */
  readonly serviceWorker: ServiceWorkerSource
  /**
   * How the backend is kept in step: where it speaks the sync protocol, a transport of the app's
   * own, or `false` for not at all.
   */
  readonly sync: SyncOptions | SyncTransport | false
  /**
   * Milliseconds until one step is given up: the key's arrival, the worker's registration and
   * start, each call of the browser's push service, the backend's answer. Firefox gives up on its
   * push service at ten seconds. The user is waited for without a limit.
   *
   * @default 15000
   */
  readonly timeoutMs?: number
}

/** Where the backend speaks the sync protocol (`docs/sync-protocol.yaml`). */
export interface SyncOptions {
  /** Its root, e.g. `/push`; relative to the page. */
  readonly url: string
  /** Asked for before each request. Cookies go along without it. */
  readonly headers?: () => HeadersInit | Promise<HeadersInit>
}
