import { rangeError, typeError } from '../shared/errors.ts'

/** How a push service is to deliver a message (RFC 8030 §5). */
export interface DeliveryOptions {
  /**
   * Seconds for which the push service keeps the message while the browser is away: a whole number
   * from 0 (now or never) to 2,419,200 (28 days, the longest that all push services take).
   *
   * @default 2_419_200, unless the sender was created with another
   */
  readonly ttl?: number
  /**
   * How soon a device that saves its battery should be woken.
   *
   * @default 'normal', by not being sent
   */
  readonly urgency?: Urgency
  /**
   * A message that still waits at the push service is replaced by a newer one with the same topic.
   * 1 to 32 characters of the base64url alphabet.
   */
  readonly topic?: string
}

/** RFC 8030 §5.3, from the least urgent to the most. */
export type Urgency = 'very-low' | 'low' | 'normal' | 'high'

/**
 * Writes delivery options as request headers.
 *
 * @throws TypeError, RangeError with the code `invalid-argument`, naming the option.
 */
export function deliveryHeaders({ ttl, urgency, topic }: DeliveryOptions): Record<string, string> {
  if (!Number.isInteger(ttl) || Number(ttl) < 0 || Number(ttl) > 2_419_200) {
    throw rangeError(
      'invalid-argument',
      'ttl must be a whole number of seconds from 0 to 2,419,200.',
    )
  }
  if (urgency !== undefined && !['very-low', 'low', 'normal', 'high'].includes(urgency)) {
    throw typeError('invalid-argument', 'urgency must be "very-low", "low", "normal" or "high".')
  }
  if (topic !== undefined && !(typeof topic === 'string' && /^[\w-]{1,32}$/.test(topic))) {
    throw rangeError(
      'invalid-argument',
      'topic must be 1 to 32 of the characters A–Z, a–z, 0–9, "-" and "_".',
    )
  }
  return { TTL: `${ttl}`, ...(urgency && { Urgency: urgency }), ...(topic && { Topic: topic }) }
}
