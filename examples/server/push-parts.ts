import {
  createPushSender,
  createSubscriptionHandler,
  type EndpointPolicy,
  type Fetch,
  type PushSender,
  type SubscriptionHandler,
  type SubscriptionHandlerOptions,
} from 'pushwell/server'
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
  'store' | 'authorize' | 'path' | 'onError'
> {
  /** Asked at each request, so that keys can rotate while the backend runs. */
  readonly keys: () => Promise<VapidKeyPairs>
  readonly subject: string
  readonly endpoints: EndpointPolicy
  readonly fetch: Fetch
}

/**
 * Holds the parts for the key pairs of the moment, and makes them anew when these have changed.
 *
 * @returns What gives the parts. It throws TypeError when a pair is none; when the pairs cannot be
 * read, the last ones do.
 */
export function createPushParts({ keys, ...options }: PushPartsOptions): () => Promise<PushParts> {
  let held: { readonly pairs: VapidKeyPairs; readonly parts: PushParts } | undefined
  return async () => {
    const pairs = await keys().catch((error: unknown) => {
      if (held) return held.pairs
      throw error
    })
    if (!held || namesOf(held.pairs) !== namesOf(pairs)) {
      held = { pairs, parts: makeParts(pairs, options) }
    }
    return held.parts
  }
}

function namesOf(pairs: VapidKeyPairs): string {
  return pairs.map(({ publicKey }) => publicKey).join()
}

function makeParts(
  keys: VapidKeyPairs,
  { subject, fetch, ...options }: Omit<PushPartsOptions, 'keys'>,
): PushParts {
  const { endpoints } = options
  const [{ publicKey: applicationServerKey }] = keys
  return {
    sender: createPushSender({ vapid: { subject, keys }, messages, endpoints, fetch }),
    subscriptions: createSubscriptionHandler({ ...options, applicationServerKey }),
  }
}
