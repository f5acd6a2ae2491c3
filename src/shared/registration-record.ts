/**
 * What a browser remembers of one service-worker registration: written by the page, read by the
 * worker, which cannot ask the page when the browser renews a subscription in the night.
 */
export interface RegistrationRecord {
  /** The registration's scope, an absolute URL: the key. */
  readonly scope: string
  /** Whether the user wants pushes here. Set by `enable()`, cleared by `disable()`. */
  readonly enabled: boolean
  /** The key that subscriptions here are made with, base64url; absent before the first. */
  readonly applicationServerKey?: string | undefined
  /**
   * The key that the app was configured with when the other was stored. They differ once the
   * backend has asked for another key, until the app is configured anew.
   */
  readonly configuredKey?: string | undefined
  /** Where the worker speaks to the backend: an absolute URL; absent with a transport of the app. */
  readonly syncUrl?: string | undefined
  /**
   * The endpoints that the backend may hold: each is added before it is sent, and leaves once the
   * backend has acknowledged that it is replaced or removed.
   */
  readonly mayHold: readonly string[]
}

/** Reads and writes {@link RegistrationRecord}s. */
export interface RegistrationRecords {
  get(scope: string): Promise<RegistrationRecord | undefined>
  put(record: RegistrationRecord): Promise<void>
}
