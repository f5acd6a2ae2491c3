import type { PushwellError } from './errors.ts'
import type { RegistrationRecord, SyncRetry } from './registration-record.ts'

/** What makes the outbox be looked at. */
export type DrainReason =
  /** The user or the app has decided something. */
  | 'change'
  | 'load'
  | 'online'
  | 'focus'
  | 'push'
  | 'click'
  /** Background Sync. */
  | 'sync'
  | 'timer'

/** The first pause is drawn from up to this, each further one from up to twice as much. */
const firstPauseMs = 2000
const longestPauseMs = 3_600_000
/** The most that is obeyed of a `Retry-After`: a slip there must not silence a browser for years. */
const longestWaitMs = 86_400_000

/**
 * Decides when to try again after a failure. After 401 and 403 that is the next sign-in, where the
 * app tells of sign-ins, else the next load. After all else, "full jitter", a moment drawn evenly from a span that
 * doubles, so that the browsers which lost their backend at one moment do not come back at one
 * (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
 *
 * @param random - From 0 up to 1.
 */
export function retryAfter(
  error: PushwellError,
  { retry, recipient }: Pick<RegistrationRecord, 'retry' | 'recipient'>,
  now: number,
  random: number,
): SyncRetry {
  const { code, retryAfterMs = 0 } = error
  const attempts = (retry?.attempts ?? 0) + 1
  if (code === 'backend-unauthorized') {
    const notBefore = recipient === undefined ? now : Infinity
    return { code, attempts, notBefore, nextTry: Infinity }
  }
  const span = Math.min(firstPauseMs * 2 ** (attempts - 1), longestPauseMs)
  const notBefore = now + Math.min(retryAfterMs, longestWaitMs)
  return { code, attempts, notBefore, nextTry: Math.max(notBefore, now + random * span) }
}

/**
 * Tells whether the backend may be tried now. A time further ahead than any that is ever set means
 * that the clock was set back since: it counts as come.
 */
export function mayTry(retry: SyncRetry | undefined, reason: DrainReason, now: number): boolean {
  if (!retry) return true
  const hasReason = /change|load|online|sync/.test(reason)
  const due = hasReason ? retry.notBefore : retry.nextTry
  return now >= due || (due !== Infinity && due > now + longestWaitMs)
}

/** The record without what waits for a sign-in: what is told next does not need the last one's. */
export function unparked(record: RegistrationRecord): RegistrationRecord {
  return record.retry?.code === 'backend-unauthorized' ? { ...record, retry: undefined } : record
}
