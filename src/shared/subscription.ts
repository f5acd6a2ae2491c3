import { decodeBase64url } from './base64url.ts'
import { typeError } from './errors.ts'
import { parseUrl } from './parse-url.ts'

/** A push subscription as `PushSubscription.toJSON()` writes it (Push API §8). */
export interface PushSubscriptionData {
  /** Where messages for this subscription are sent. Whoever knows it can try: keep it secret. */
  readonly endpoint: string
  /** Milliseconds since 1970, or `null`; browsers almost always say `null`. */
  readonly expirationTime?: number | null
  readonly keys: {
    /** The browser's P-256 public key: 65 octets in base64url. */
    readonly p256dh: string
    /** The authentication secret: 16 octets in base64url (RFC 8291 §3.2). */
    readonly auth: string
  }
}

/** Push services hand out some hundred; and a stranger's is kept, signed for and sent to. */
const longestEndpoint = 2048

/** A subscription with what its text stands for. */
export interface ReadSubscription {
  readonly data: PushSubscriptionData
  readonly url: URL
  /** 65 octets. */
  readonly p256dh: Uint8Array<ArrayBuffer>
  /** 16 octets. */
  readonly auth: Uint8Array<ArrayBuffer>
}

/**
 * Reads a subscription that came from somewhere else: a request's body, a database, a file.
 *
 * @returns A new object with the known fields alone.
 * @throws TypeError with the code `invalid-subscription`, naming the field. That `p256dh` lies on
 * the curve is found out when it is imported.
 */
export function parseSubscription(value: unknown): PushSubscriptionData {
  return readSubscription(value).data
}

/** Reads a subscription as {@link parseSubscription} does, and keeps what it had to read for it. */
export function readSubscription(value: unknown): ReadSubscription {
  const { endpoint, expirationTime = null, keys } = recordOf(value, 'subscription')
  const { p256dh, auth } = recordOf(keys, 'subscription.keys')
  const url = parseEndpoint(endpoint)
  if (!url) {
    throw invalid(
      `subscription.endpoint must be an absolute https URL without credentials, of at most ${longestEndpoint} characters.`,
    )
  }
  if (expirationTime !== null && !Number.isFinite(expirationTime)) {
    throw invalid('subscription.expirationTime must be a number of milliseconds or null.')
  }
  const octets = {
    p256dh: parseKey(p256dh, 'subscription.keys.p256dh', 65),
    auth: parseKey(auth, 'subscription.keys.auth', 16),
  }
  if (octets.p256dh[0] !== 4) {
    throw invalid(
      'subscription.keys.p256dh must be an uncompressed P-256 point: its first octet 4.',
    )
  }
  const data = { endpoint, expirationTime, keys: { p256dh, auth } } as PushSubscriptionData
  return { data, url, ...octets }
}

function recordOf(value: unknown, name: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null) return value as Record<string, unknown>
  throw invalid(
    `${name} must be an object. Send PushSubscription.toJSON() whole, with endpoint and keys.`,
  )
}

/**
 * Tells an endpoint, http or https without credentials, of at most 2,048 characters, all of them such
 * as URLs are written in (RFC 3986 §2): text that a URL parser would first have to mend, as of white space around it, is
 * none. So it can be kept and hashed as it was sent, which is how the browser hashes it.
 */
export function isEndpoint(value: unknown): value is string {
  return parseEndpoint(value) !== undefined
}

function parseEndpoint(value: unknown): URL | undefined {
  const pattern = /^https?:\/\/[\w.:[\]-]+([/?#][!-~]*)?$/
  const mayBe = typeof value === 'string' && value.length <= longestEndpoint && pattern.test(value)
  return mayBe ? parseUrl(value) : undefined
}

function parseKey(key: unknown, name: string, octets: number): Uint8Array<ArrayBuffer> {
  const bytes = typeof key === 'string' ? decodeBase64url(key) : null
  if (bytes?.length === octets) return bytes
  throw invalid(
    `${name} must be ${octets} octets in base64url without padding` +
      (bytes ? `; got ${bytes.length} octets.` : '.'),
  )
}

function invalid(sentence: string): TypeError {
  return typeError('invalid-subscription', sentence)
}
