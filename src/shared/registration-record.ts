import type { PushwellErrorCode } from './errors.ts'
import type { ClientDescription } from './protocol.ts'
import type { PushFailure } from './push-failure.ts'
import type { PushSubscriptionData } from './subscription.ts'

/**
 * What a browser remembers of one service-worker registration: written by the page and the worker,
 * which cannot ask the page when the browser renews a subscription in the night.
 */
export interface RegistrationRecord {
  /** The registration's scope, an absolute URL: the key. */
  readonly scope: string
  /** Whether the user wants pushes here, as `enable()` and `disable()` say; absent before either. */
  readonly enabled?: boolean | undefined
  /** The key that subscriptions here are made with, base64url; absent before the first. */
  readonly applicationServerKey?: string | undefined
  /**
   * The key that the app was configured with when the other was stored. They differ once the
   * backend has asked for another key, until the app is configured anew.
   */
  readonly configuredKey?: string | undefined
  /** What the backend shall hold of this browser; nothing without it. */
  readonly hold?: HeldSubscription | undefined
  /**
   * The endpoints that the backend may hold: each is added before it is sent, and leaves once the
   * backend has acknowledged that it is replaced or removed.
   */
  readonly mayHold: readonly string[]
  /** Who is signed in here, by the app's own name for them; `null` after a sign-out. */
  readonly recipient?: string | null | undefined
  /** Absent until the app sets some: the backend then keeps those that it has. */
  readonly tags?: readonly string[] | undefined
  /** How the page describes itself to the backend; the worker says the same. */
  readonly client?: ClientDescription | undefined
  /** Where the worker speaks to the backend: an absolute URL; absent with a transport of the app. */
  readonly syncUrl?: string | undefined
  /** After how many milliseconds the backend is told again what it knows. */
  readonly heartbeatMs?: number | undefined
  /** What the backend last acknowledged, and when, in milliseconds since 1970. */
  readonly acknowledged?: { readonly intention: string; readonly at: number } | undefined
  /** Why the backend has not been told yet, and when it may be tried again. */
  readonly retry?: SyncRetry | undefined
  /** The key that the backend wants the subscription to move to. */
  readonly rotateTo?: string | undefined
  /** How far the move to another key has come. */
  readonly keyMove?: KeyMove | undefined
  /** What is known of receipts, as far as the app has ever asked for them. */
  readonly receipts?: ReceiptState | undefined
  /** How the user answered when asked, the last one last. */
  readonly answers?: readonly AskAnswer[] | undefined
  /** The last things that went wrong, the last one last. */
  readonly failures?: readonly RecordedFailure[] | undefined
  /** The last things that went wrong with pushes, the last one last. */
  readonly pushFailures?: readonly PushFailure[] | undefined
}

/** A subscription and the key that it was made with, base64url. */
export interface HeldSubscription {
  readonly subscription: PushSubscriptionData
  readonly applicationServerKey: string
  /** Milliseconds since 1970. */
  readonly since: number
}

/** What holds the next request to the backend back. Times in milliseconds since 1970. */
export interface SyncRetry {
  readonly code: PushwellErrorCode
  /** How often in a row it has failed. */
  readonly attempts: number
  /** What the backend asked for with `Retry-After`; endless when it waits for a sign-in. */
  readonly notBefore: number
  /** When to try again without a reason; never before `notBefore`. */
  readonly nextTry: number
}

/** Whether receipts may be kept and sent, and when. */
export interface ReceiptState {
  /** Who was signed in when they were allowed, `null` for nobody; absent when they are not. */
  readonly allowedBy?: string | null | undefined
  readonly retry?: SyncRetry | undefined
}

/**
 * A move to another key by way of a second registration, so that one live subscription is known to
 * the backend at every moment.
 */
export interface KeyMove {
  /** The key that is moved to, base64url. */
  readonly to: string
  /** `bridge`: the second registration holds the subscription; `settle`: the first one again. */
  readonly phase: 'bridge' | 'settle'
  /** Milliseconds since 1970, when the phase began. */
  readonly since: number
  /** Milliseconds since 1970, when a page last looked at it. */
  readonly seenAt?: number
  /** Milliseconds since 1970, when a page first came after none had been there for a while. */
  readonly backAt?: number
}

/** An answer to the browser's question for permission, or (`postponed`) to the app's own. */
export interface AskAnswer {
  readonly answer: 'postponed' | 'dismissed' | 'denied' | 'granted'
  /** Milliseconds since 1970. */
  readonly at: number
}

/** Something that went wrong, without anything secret. */
export interface RecordedFailure {
  readonly code: string
  /** Milliseconds since 1970. */
  readonly at: number
}

/** Reads and changes {@link RegistrationRecord}s. */
export interface RegistrationRecords {
  /** `false` once something could not be stored: it is kept in memory until the page is left. */
  readonly persistent: boolean
  get(scope: string): Promise<RegistrationRecord | undefined>
  /**
   * Changes a record in one step: nobody else writes between the reading and the writing. A scope
   * without one starts from an empty record.
   *
   * @param change - Pure: it may be called more than once.
   */
  update(
    scope: string,
    change: (record: RegistrationRecord) => RegistrationRecord,
  ): Promise<RegistrationRecord>
}
