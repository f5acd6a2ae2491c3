/** How often somebody may come. */
export interface RateLimitOptions {
  /** So often at once, after a while in which they did not. */
  readonly burst: number
  /** And so often in the long run. */
  readonly perSecond: number
  /** How many are remembered; who came longest ago is forgotten first. */
  readonly most?: number
  /** Milliseconds since 1970. */
  readonly now?: () => number
}

/**
 * Makes what counts how often each comes, in the memory of this process.
 *
 * @returns What says how many milliseconds somebody has to wait; 0 when they may come, which is then
 * counted.
 */
export function createRateLimit({
  burst,
  perSecond,
  most = 10_000,
  now = Date.now,
}: RateLimitOptions): (who: string) => number {
  const each = 1000 / perSecond
  /** When all that somebody has done would have been done, one by one. */
  const paidAt = new Map<string, number>()
  return (who) => {
    const at = now()
    const paid = Math.max(paidAt.get(who) ?? at, at)
    const wait = paid - at - (burst - 1) * each
    if (wait > 0) return Math.ceil(wait)
    paidAt.delete(who)
    paidAt.set(who, paid + each)
    const [oldest] = paidAt.keys()
    if (paidAt.size > most && oldest !== undefined) paidAt.delete(oldest)
    return 0
  }
}
