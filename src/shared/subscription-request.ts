import type { PutSubscriptionRequest } from './protocol.ts'
import type { PushSubscriptionData } from './subscription.ts'
import { version } from './version.ts'

/** What is read of a `PushSubscription`, on the page as in the worker. */
export interface SubscriptionSource {
  readonly endpoint: string
  toJSON(): unknown
}

/**
 * Writes the PUT that stores a subscription.
 *
 * @param replaces - The endpoint that the backend knew before, if it was another.
 */
export function subscriptionRequest(
  subscription: SubscriptionSource,
  applicationServerKey: string,
  replaces: string | undefined,
  language: string | undefined,
): PutSubscriptionRequest {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions()
  return {
    version: 1,
    subscription: subscription.toJSON() as PushSubscriptionData,
    applicationServerKey,
    replaces,
    client: { language, timeZone, sdk: `pushwell/${version}` },
  }
}
