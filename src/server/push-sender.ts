import type { MessageDefinitions } from '../shared/message.ts'
import { parseSubscription, type PushSubscriptionData } from '../shared/subscription.ts'
import type { MessageContent } from '../shared/message-content.ts'
import { type DeliveryOptions, deliveryHeaders } from './delivery-headers.ts'
import { encryptMessage } from './encrypt-message.ts'
import { checkEndpoint, type EndpointPolicy } from './endpoint-policy.ts'
import { type OutgoingMessage, writePayload } from './outgoing-message.ts'
import { readBody } from './read-body.ts'
import { readOutcome, type ResponseFacts, type SendOutcome } from './send-outcome.ts'
import { createVapidAuthorization } from './vapid-authorization.ts'
import type { VapidKeyRing, VapidOptions } from './vapid-keys.ts'

/** What `fetch` has to do for a sender. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>

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
  /** @default globalThis.fetch */
  readonly fetch?: Fetch
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
   * How long a push service may take to answer.
   *
   * @default 30_000
   */
  readonly timeoutMs?: number
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
  /** Ends the sending: `send` then rejects with the signal's reason. */
  readonly signal?: AbortSignal
}

/** Sends messages to subscriptions. */
export interface PushSender<Definitions extends MessageDefinitions = MessageDefinitions> {
  /**
   * Encrypts one message for one subscription and hands it to its push service.
   *
   * @returns What became of it. Nothing that a push service or the network does rejects.
   * @throws TypeError, RangeError naming the argument: `invalid-subscription`, `endpoint-refused`,
   * `invalid-message`, `message-too-large`, `invalid-application-server-key` when the sender has no
   * pair with that key, or `invalid-argument` for another option or VAPID keys that do not belong
   * together.
   */
  send(
    subscription: PushSubscriptionData,
    message: OutgoingMessage<Definitions>,
    options?: SendOptions,
  ): Promise<SendOutcome>
}

/**
 * Makes a sender of web push messages.
 *
 * @throws TypeError, RangeError with the code `invalid-argument` for options that are wrong on
 * their face.
 *
 * @example
 * const sender = createPushSender({ vapid: { subject: 'mailto:ops@example.com', ...keys } })
 * const outcome = await sender.send(subscription, { notification: { title: 'Hello' } })
 * if (outcome.status === 'gone') await store.remove(id)
 */
export function createPushSender<Definitions extends MessageDefinitions = MessageDefinitions>({
  vapid,
  messages,
  endpoints,
  fetch = globalThis.fetch,
  now = Date.now,
  ttl: defaultTtl = 2_419_200,
  timeoutMs = 30_000,
}: PushSenderOptions<Definitions>): PushSender<Definitions> {
  const authorization = createVapidAuthorization(vapid, now)
  deliveryHeaders({ ttl: defaultTtl })
  return {
    async send(subscription, message, options = {}) {
      const { endpoint, keys } = parseSubscription(subscription)
      checkEndpoint(endpoint, endpoints)
      const { ttl = defaultTtl, signal, applicationServerKey } = options
      const headers = deliveryHeaders({ ...options, ttl })
      const id = (message as MessageContent | null)?.id ?? crypto.randomUUID()
      const sentAt = now()
      // With a TTL of 0 it is the push service that ends the message: no clock here is that good.
      const stamp = { id, sentAt, ...(ttl > 0 && { expiresAt: sentAt + ttl * 1000 }) }
      const plaintext = await writePayload(message, stamp, messages)
      headers['Authorization'] = await authorization(new URL(endpoint).origin, applicationServerKey)
      // Chromium drops an encrypted empty plaintext, so an empty push is one without a body.
      const body = plaintext.length ? await encryptMessage(plaintext, keys) : null
      if (body) {
        headers['Content-Encoding'] = 'aes128gcm'
        headers['Content-Type'] = 'application/octet-stream'
      }
      return post({ endpoint, headers, body, id, signal }, { fetch, now, timeoutMs })
    },
  }
}

interface Delivery {
  readonly endpoint: string
  readonly headers: Record<string, string>
  readonly body: Uint8Array<ArrayBuffer> | null
  readonly id: string
  readonly signal: AbortSignal | undefined
}

async function post(
  { endpoint, headers, body, id, signal }: Delivery,
  { fetch, now, timeoutMs }: Required<Pick<PushSenderOptions, 'fetch' | 'now' | 'timeoutMs'>>,
): Promise<SendOutcome> {
  signal?.throwIfAborted()
  const timeout = AbortSignal.timeout(timeoutMs)
  const init: RequestInit = {
    method: 'POST',
    headers,
    body,
    redirect: 'manual',
    signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
  }
  try {
    const facts = await factsOf(await fetch(endpoint, init))
    return readOutcome(facts, { id, endpoint, now: now() })
  } catch (cause) {
    signal?.throwIfAborted()
    return { status: 'retry', reason: timeout.aborted ? 'timeout' : 'network', cause }
  }
}

async function factsOf({ status, headers, body }: Response): Promise<ResponseFacts> {
  // Also of a success, so that the connection can be used again. What comes of the body changes
  // nothing: the status has been given.
  const text = await readBody(body, 4096).then(
    (octets) => new TextDecoder().decode(octets),
    () => '',
  )
  return {
    httpStatus: status,
    retryAfter: headers.get('Retry-After'),
    location: headers.get('Location'),
    body: text,
  }
}
