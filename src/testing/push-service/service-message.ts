/**
 * Where a message stands.
 *
 * - `queued`: kept until a browser connects.
 * - `sent`: handed to a connected browser, not yet acknowledged. Back to `queued` when the
 *   connection drops.
 * - `acknowledged`: the browser took it.
 * - `failed`: the browser could not use it; `code` says why.
 * - `expired`: its TTL passed first.
 * - `replaced`: a newer message with the same Topic took its place (RFC 8030 §5.4).
 * - `cancelled`: the sender deleted it, or its subscription ended.
 * - `swallowed`: accepted and never delivered, as the test asked for.
 *
 * A browser that acknowledges a message which was expired, replaced or cancelled while under way
 * did take it: the status becomes `acknowledged`.
 */
export type ServiceMessageStatus =
  | 'queued'
  | 'sent'
  | 'acknowledged'
  | 'failed'
  | 'expired'
  | 'replaced'
  | 'cancelled'
  | 'swallowed'

/** One accepted push message as it stood at one moment; a later change makes a new record. */
export interface ServiceMessage {
  /** Unique; the last part of the `Location` that the sender was given. */
  readonly id: string
  readonly endpoint: string
  readonly status: ServiceMessageStatus
  /**
   * The browser's own word. Firefox: 100 delivered, 101 decryption failed, 102 not delivered,
   * 301 the worker's handler threw, 302 its `waitUntil` rejected, 303 internal error. Chromium says
   * only that it has read the message, which is 100 here, and nothing of a decryption that failed.
   */
  readonly code?: number
  /** Seconds, after clamping to 30 days. */
  readonly ttl: number
  readonly topic?: string
  readonly urgency?: string
  /** `aes128gcm` or `aesgcm`; absent when there is no body. */
  readonly contentEncoding?: string
  /** The sender's request headers, names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** As the sender encrypted it; empty for a push without payload. */
  readonly body: Uint8Array
  /** Milliseconds since the epoch, by the service's clock. */
  readonly receivedAt: number
  /** Milliseconds since the epoch, by the service's clock. */
  readonly expiresAt: number
  /** How many times it was handed to a browser. */
  readonly deliveries: number
  /** Set when its last delivery had a changed body, as the test asked for; `body` is the sender's. */
  readonly isCorrupted?: true
}

/** What a sender hands in: a message before the service has given it an id and a status. */
export type MessageDraft = Omit<
  ServiceMessage,
  'status' | 'code' | 'expiresAt' | 'deliveries' | 'isCorrupted'
>

/** Tells whether a message still waits for its acknowledgement. */
export function isPending(message: ServiceMessage): boolean {
  return message.status === 'queued' || message.status === 'sent'
}

/**
 * Gives a message as it stands after the browser's word on it.
 *
 * A 102 on a repeated delivery counts as acknowledged: the browser drops as a duplicate what it
 * already took when the first acknowledgement was lost with the connection.
 *
 * @param code - 100–102 from an acknowledgement, 301–303 from a negative one.
 */
export function settleMessage(message: ServiceMessage, code: number): ServiceMessage {
  const taken = code === 100 || (code === 102 && message.deliveries > 1)
  return { ...message, status: taken ? 'acknowledged' : 'failed', code }
}
