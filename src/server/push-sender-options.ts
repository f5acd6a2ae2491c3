import type { MessageDefinitions } from '../shared/message.ts'
import type { DeliveryOptions } from './delivery-headers.ts'
import type { EndpointPolicy } from './endpoint-policy.ts'
import type { Fetch } from './fetch-transport.ts'
import type { PushTransport } from './push-transport.ts'
import type { VapidKeyRing, VapidOptions } from './vapid-keys.ts'

/** How a sender is made. */
export interface PushSenderOptions<Definitions extends MessageDefinitions = MessageDefinitions> {
  /** The key pair; or several, while subscriptions move from one to another. */
  readonly vapid: VapidOptions | VapidKeyRing
  /** Types `send`, and checks `data` before it is sent. Made with `defineMessages`. */
  readonly messages?: Definitions
  /**
   * Which addresses endpoints may have.
   *
   * @default 'public'
   */
  readonly endpoints?: EndpointPolicy
  /**
   * Makes the requests. On Node, connections of the sender's own are several times as fast, and
   * lead to no private address.
   *
   * @default globalThis.fetch; on Node, the sender's own connections
   */
  readonly fetch?: Fetch
  /** Makes the requests, in place of `fetch`. */
  readonly transport?: PushTransport
  /**
   * The URL of an HTTP proxy, on Node, for the sender's own connections. The proxy then resolves
   * names, and has to keep them from private addresses.
   *
   * @default where Node is told to go by the environment (`NODE_USE_ENV_PROXY=1`), its `HTTPS_PROXY`
   */
  readonly proxy?: string
  /**
   * Gives the time in milliseconds since 1970.
   *
   * @default Date.now
   */
  readonly now?: () => number
  /**
   * The time to live of messages that name none, in seconds. Four weeks by default, as push
   * services and other senders have it: a late message shows that it is late, a lost one shows
   * nothing. Name a shorter one for what is soon out of date.
   *
   * @default 2_419_200
   */
  readonly ttl?: number
  /**
   * How long a push service may take to answer, connecting to it included, in whole milliseconds.
   *
   * @default 30_000
   */
  readonly timeoutMs?: number
  /**
   * Sizes in octets that messages are padded to, so that their length tells less of what they say:
   * each to the first that it fits in. Whole numbers from 1 to 3,993.
   *
   * @default [], no padding
   */
  readonly padding?: readonly number[]
  /**
   * How many requests may be under way to one push service.
   *
   * @default 100
   */
  readonly concurrencyPerOrigin?: number
}

/** How one message is to be sent. */
export interface SendOptions extends DeliveryOptions {
  /**
   * The public key that the subscription was made with, as its record has it: the pair that it
   * belongs to signs. A push service takes messages from that pair alone (RFC 8292 §4.2).
   *
   * @default the first pair's
   */
  readonly applicationServerKey?: string
  /**
   * How often the message is tried while the outcome is `retry`, the first time included, with a
   * wait in between of at least what the push service asks for. Never past the message's time to
   * live, and not when the service asks for more than two minutes: then `retry` is the outcome, and
   * says when. With more than one, a push service that is left alone is waited for as well, which
   * counts as no try.
   *
   * @default 1 for `send`, 4 for `sendAll`
   */
  readonly attempts?: number
  /** Ends the sending: `send` then rejects with the signal's reason. */
  readonly signal?: AbortSignal
}
