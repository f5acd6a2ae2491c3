import { problemResponse } from './problem-response.ts'
import type { SubscriptionHandlerOptions } from './subscription-handler-options.ts'

/** Gives the answer for a request that comes too soon, or `null`. */
export async function limitRequest(
  request: Request,
  { limit }: Pick<SubscriptionHandlerOptions, 'limit'>,
): Promise<Response | null> {
  const waitMs = (await limit?.(request)) ?? 0
  if (waitMs <= 0) return null
  const seconds = Math.ceil(waitMs / 1000)
  return problemResponse(429, 'rate-limited', 'Try again later.', { 'Retry-After': `${seconds}` })
}
