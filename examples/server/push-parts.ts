import {
  createPushSender,
  createSubscriptionHandler,
  type EndpointPolicy,
  type Fetch,
  type PushSender,
  type SubscriptionHandler,
  type SubscriptionHandlerOptions,
} from 'pushwell/server'
import { forKeyPairs } from './for-key-pairs.ts'
import { messages } from './messages.ts'
import type { VapidKeyPairs } from './vapid-key-pairs.ts'

/** What of the backend depends on the VAPID key pairs. */
export interface PushParts {
  readonly sender: PushSender<typeof messages>
  readonly subscriptions: SubscriptionHandler
}

/** What the parts are made of. */
export interface PushPartsOptions extends Pick<
  SubscriptionHandlerOptions,
  'store' | 'authorize' | 'path' | 'onReceipts' | 'onError' | 'limit'
> {
  /** Asked at each request, so that keys can rotate while the backend runs. */
  readonly keys: () => Promise<VapidKeyPairs>
  readonly subject: string
  readonly endpoints: EndpointPolicy
  readonly fetch?: Fetch
}

/**
 * Gives the parts for the key pairs of the moment.
 *
 * @returns What gives them. It throws TypeError when a pair is none.
 */
export function createPushParts({ keys, ...options }: PushPartsOptions): () => Promise<PushParts> {
  return forKeyPairs(keys, (pairs) => makeParts(pairs, options))
}

function makeParts(
  keys: VapidKeyPairs,
  { subject, fetch, ...options }: Omit<PushPartsOptions, 'keys'>,
): PushParts {
  const { endpoints } = options
  const [{ publicKey: applicationServerKey }] = keys
  return {
    sender: createPushSender({
      vapid: { subject, keys },
      messages,
      endpoints,
      ...(fetch && { fetch }),
    }),
    subscriptions: createSubscriptionHandler({ ...options, applicationServerKey }),
  }
}
