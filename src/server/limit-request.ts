import { typeError } from '../shared/errors.ts'
import { problemResponse } from './problem-response.ts'
import type { SubscriptionHandlerOptions } from './subscription-handler-options.ts'

/** Who is told to wait for longer would never ask again, should it have been a mistake. */
const longestWaitSeconds = 24 * 60 * 60

/**
 * Gives the answer for a request that comes too soon, or `null`.
 *
 * @throws TypeError with the code `invalid-argument` when `limit` gives what is no number.
 */
export async function limitRequest(
  request: Request,
  { limit }: Pick<SubscriptionHandlerOptions, 'limit'>,
): Promise<Response | null> {
  const waitMs = (await limit?.(request)) ?? 0
  if (typeof waitMs !== 'number' || Number.isNaN(waitMs)) {
    throw typeError(
      'invalid-argument',
      'What limit gives must be a number of milliseconds or null.',
    )
  }
  if (waitMs <= 0) return null
  const seconds = Math.min(Math.ceil(waitMs / 1000), longestWaitSeconds)
  return problemResponse(429, 'rate-limited', 'Try again later.', { 'Retry-After': `${seconds}` })
}
