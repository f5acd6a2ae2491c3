/** What the service answers to one request of a sender. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** Empty unless something was refused. */
  readonly body: string
}

/**
 * What is wrong with a request, whichever service it was sent to. How it is said to the sender is
 * the service's manner.
 *
 * - `ttl`: missing or not a whole number; `ttl-range`: a whole number that the service does not take.
 * - `encoding`: the headers that go with a body; `encryption`: the body itself, as far as it can be
 *   seen without the browser's keys.
 * - `vapid-missing`: no credentials; `vapid-header`: credentials that cannot be read; `vapid-token`:
 *   a token that is not good; `vapid-key`: a key that is none; `vapid-mismatch`: a key that is not
 *   the subscription's.
 */
export type RefusalKind =
  | 'ttl'
  | 'ttl-range'
  | 'topic'
  | 'urgency'
  | 'encoding'
  | 'encryption'
  | 'vapid-missing'
  | 'vapid-header'
  | 'vapid-token'
  | 'vapid-key'
  | 'vapid-mismatch'
  | 'no-endpoint'
  | 'no-message'
  | 'device-gone'
  | 'subscription-gone'
  | 'method'
  | 'too-large'
  | 'queue-full'
  | 'service-failed'

/** Why a request is refused, before a manner has put it into an answer. */
export interface Refusal {
  readonly kind: RefusalKind
  /** A sentence for the developer. Never holds an endpoint, a key or a payload. */
  readonly message: string
  /** Headers that go with this refusal in every manner. */
  readonly headers?: Readonly<Record<string, string>>
}

/** Makes a refusal. */
export function refuse(
  kind: RefusalKind,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Refusal {
  return { kind, message, headers }
}
