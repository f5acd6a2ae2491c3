import type { MessageContent } from '../shared/message-content.ts'
import type { MessageDefinitions } from '../shared/message.ts'
import type { ReadyMessage } from './delivery.ts'
import { deliveryHeaders } from './delivery-headers.ts'
import { messageRecord } from './message-record.ts'
import { type AnyMessage, writePayload } from './outgoing-message.ts'
import type { SendOptions } from './push-sender-options.ts'

/** How messages are made ready. */
export interface ReadyMessageOptions {
  readonly definitions: MessageDefinitions | undefined
  readonly padding: readonly number[]
  readonly ttl: number
  readonly now: () => number
}

/**
 * Checks a message and its options and writes it, stamped with the moment.
 *
 * @throws As `deliveryHeaders`, `writePayload` and `messageRecord` do.
 */
export async function readyMessage(
  message: AnyMessage,
  options: SendOptions,
  { definitions, padding, ttl: defaultTtl, now }: ReadyMessageOptions,
  id: string = idOf(message),
): Promise<ReadyMessage> {
  const { ttl = defaultTtl } = options
  const headers = deliveryHeaders({ ...options, ttl })
  const sentAt = now()
  const expiresAt = sentAt + ttl * 1000
  // With a TTL of 0 it is the push service that ends the message: no clock here is that good.
  const stamp = { id, sentAt, ...(ttl > 0 && { expiresAt }) }
  const { octets, isCut } = await writePayload(message, stamp, definitions)
  const record = octets.length ? messageRecord(octets, padding) : null
  return { id, record, headers, expiresAt, isCut }
}

/** A message's own id, else a new one. */
export function idOf(message: AnyMessage): string {
  return (message as MessageContent | null)?.id ?? crypto.randomUUID()
}
