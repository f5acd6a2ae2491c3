const longestPauseMs = 10 * 60_000

/**
 * Says when a message is to be tried again for a subscription: after two seconds, and twice as long
 * each time up to ten minutes, of which up to half is left to chance, so that what failed together
 * does not come back together. Never before the push service allows it. There is no last try: a
 * campaign ends by its time to live alone.
 *
 * @param tries - How often it was tried.
 * @param random - From 0 up to 1.
 * @returns Milliseconds since 1970.
 */
export function nextTry(
  tries: number,
  {
    now,
    random,
    retryAfterMs = 0,
  }: {
    readonly now: number
    readonly random: number
    readonly retryAfterMs?: number | undefined
  },
): number {
  const pause = Math.min(2000 * 2 ** Math.max(0, tries - 1), longestPauseMs)
  return Math.round(now + Math.max(pause * (1 - random / 2), retryAfterMs))
}
