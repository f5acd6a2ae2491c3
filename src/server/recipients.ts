import { type PushSubscriptionData, readSubscription } from '../shared/subscription.ts'
import { checkEndpoint, type EndpointPolicy } from './endpoint-policy.ts'
import type { RecipientKeys } from './message-encryption.ts'
import { type PushServiceName, pushServiceName } from './push-service-name.ts'

/** A subscription, read and checked. */
export interface Recipient {
  readonly endpoint: string
  /** The push service's: what a token is signed for. */
  readonly origin: string
  readonly service: PushServiceName | undefined
  readonly keys: RecipientKeys
}

interface Known {
  readonly auth: string
  readonly recipient: Recipient
}

/**
 * Makes a function that reads subscriptions, and knows again those that it read last.
 *
 * @param most - How many it remembers: each takes about a kilobyte.
 * @returns It throws as `readSubscription` and `checkEndpoint` do.
 */
export function createRecipients(
  policy: EndpointPolicy | undefined,
  most: number,
): (subscription: PushSubscriptionData) => Recipient {
  // By their public keys: no two subscriptions have the same one.
  const known = new Map<string, Known>()
  return (subscription) => {
    const before = known.get(subscription?.keys?.p256dh)
    if (
      before?.recipient.endpoint === subscription?.endpoint &&
      before?.auth === subscription?.keys?.auth &&
      before
    ) {
      // A function may have changed its mind.
      if (typeof policy === 'function') checkEndpoint(new URL(before.recipient.endpoint), policy)
      return before.recipient
    }
    const { data, url, p256dh, auth } = readSubscription(subscription)
    const { endpoint, keys } = data
    const recipient = {
      endpoint,
      origin: url.origin,
      service: pushServiceName(url.hostname),
      keys: { p256dh, auth },
    }
    // Only now: a function may change what it is given.
    checkEndpoint(url, policy)
    if (known.size >= most) known.delete(known.keys().next().value ?? '')
    known.set(keys.p256dh, { auth: keys.auth, recipient })
    return recipient
  }
}
