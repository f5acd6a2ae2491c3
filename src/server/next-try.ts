import type { SendOutcome } from './send-outcome.ts'

/** Where a message stands that may be tried again. */
export interface TryState {
  /** How often it was tried: not at all yet, when its push service was left alone. */
  readonly tries: number
  /** How often it may be, in all. */
  readonly attempts: number
  /** Milliseconds since 1970. */
  readonly now: number
  /** When the message's time to live is over. */
  readonly expiresAt: number
  /** From 0 to 1, by chance. */
  readonly random: number
}

/** The first wait is up to this long, each next one up to twice as long. */
const firstWaitMs = 1000

/** Nobody waits longer than this, unless the push service asks for it. */
const longestWaitMs = 60_000

/** A service that asks for a longer wait gets it, but not while somebody waits for the outcome. */
const mostPatienceMs = 120_000

/**
 * Decides how long to wait before a message is tried again: by chance between nothing and a bound
 * that doubles, so that what failed together does not come back together, and never less than the
 * push service asks for.
 *
 * @returns Milliseconds; `undefined` when the outcome is final: it is none that waiting helps, the
 * tries are used up, the message's time would be over, or the service asks for more than two
 * minutes.
 */
export function nextTry(
  outcome: SendOutcome,
  { tries, attempts, now, expiresAt, random }: TryState,
): number | undefined {
  const turns = Math.max(tries, 1)
  if (outcome.status !== 'retry' || turns >= attempts) return undefined
  const bound = Math.min(firstWaitMs * 2 ** (turns - 1), longestWaitMs)
  const waitMs = Math.round((outcome.retryAfterMs ?? 0) + random * bound)
  return now + waitMs < expiresAt && waitMs <= mostPatienceMs ? waitMs : undefined
}
