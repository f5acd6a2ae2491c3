/**
 * Why something failed. Stable: code may depend on these; the sentences may change.
 */
export type PushwellErrorCode =
  // Arguments (on a TypeError or RangeError)
  | 'invalid-argument'
  | 'invalid-application-server-key'
  | 'invalid-subscription'
  | 'invalid-message'
  | 'message-too-large'
  | 'endpoint-refused'
  // Page and worker
  | 'worker-missing'
  | 'worker-wrong-type'
  | 'worker-failed'
  | 'worker-forbidden'
  | 'gesture-required'
  | 'push-service-failed'
  | 'push-service-off'
  | 'subscribe-failed'
  | 'unsubscribe-failed'
  | 'storage-failed'
  | 'timeout'
  | 'aborted'
  // Backend
  | 'backend-unreachable'
  | 'backend-unauthorized'
  | 'backend-refused'
  | 'backend-failed'
  // Testing
  | 'browser-missing'
  | 'browser-failed'
  | 'contexts-unsupported'
  | 'desktop-unavailable'
  | 'service-failed'

/** What the user can do about it: a key to look a sentence up by (`pushwell/ui` has them). */
export type Remedy =
  | 'use-https'
  | 'use-another-browser'
  | 'install-app'
  | 'open-in-own-tab'
  | 'leave-private-browsing'
  | 'unblock-notifications'
  | 'ask-again-later'
  | 'click-again'
  | 'enable-push-service'
  | 'check-network'
  | 'reload-page'
  | 'contact-site'

/** What an error may tell beside its code and its sentence. */
export interface PushwellErrorOptions extends ErrorOptions {
  readonly remedy?: Remedy | undefined
  readonly retryAfterMs?: number | undefined
}

/**
 * Every failure that is neither an expected outcome (those are values) nor a caller's mistake
 * (those are `TypeError` and `RangeError`). The message says what failed and what to do; it never
 * holds an endpoint, a key or a payload.
 */
export class PushwellError extends Error {
  override readonly name = 'PushwellError'
  readonly code: PushwellErrorCode
  /** What the user can do, where anything helps. */
  readonly remedy: Remedy | undefined
  /** How long the backend asked to be left alone, in milliseconds. */
  readonly retryAfterMs: number | undefined

  constructor(code: PushwellErrorCode, message: string, options: PushwellErrorOptions = {}) {
    super(message, options)
    this.code = code
    this.remedy = options.remedy
    this.retryAfterMs = options.retryAfterMs
  }
}

/** Tells a Pushwell error from any other, also one that came from another realm or copy. */
export function isPushwellError(error: unknown): error is PushwellError {
  return error instanceof Error && error.name === 'PushwellError' && 'code' in error
}

/** A caller's mistake with a stable code beside its sentence. */
export type ArgumentError = (TypeError | RangeError) & { code: PushwellErrorCode }

/**
 * Makes the `TypeError` for an argument of the wrong kind.
 *
 * @param expectation - A sentence that begins with the argument's name and says what is wanted.
 */
export function typeError(code: PushwellErrorCode, expectation: string): ArgumentError {
  return Object.assign(new TypeError(expectation), { code })
}

/** Makes the `RangeError` for an argument of the right kind with a value that cannot be used. */
export function rangeError(code: PushwellErrorCode, expectation: string): ArgumentError {
  return Object.assign(new RangeError(expectation), { code })
}
