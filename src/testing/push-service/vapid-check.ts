import type { IncomingHttpHeaders } from 'node:http'
import { decodeBase64url } from '../../shared/base64url.ts'
import { headerParameters } from './header-parameters.ts'
import { refuse } from './refusal.ts'
import type { Refusal } from './refusal.ts'

/** How far ahead `exp` may lie (RFC 8292 §2). */
const maxAheadSeconds = 24 * 60 * 60

/** What a token is checked against. */
export interface VapidExpectation {
  /** The key of a restricted subscription, base64url without padding; `null` when any key will do. */
  readonly applicationServerKey: string | null
  /** The origins that `aud` may name. */
  readonly audiences: readonly string[]
  /** Milliseconds since the epoch. */
  readonly now: number
  /** Seconds beyond the 24 hours, for senders that use them all and whose clock is ahead. */
  readonly slackSeconds: number
  /** Gives what is wrong with the claim `sub`; `null` when it does not matter. */
  readonly checkSubject: (sub: unknown) => string | null
}

/** Who the sender is, or why it is refused. */
export type VapidResult =
  /** `key`: base64url without padding; `null` when an open subscription was sent no credentials. */
  | { readonly ok: true; readonly key: string | null }
  | { readonly ok: false; readonly refusal: Refusal }

/** The token and key that a sender identifies itself with. */
interface VapidCredentials {
  readonly token: string
  /** Base64url without padding. */
  readonly key: string
}

/**
 * Checks how a sender identifies itself (RFC 8292 §3, §4.2): the signature, `aud`, `exp` and the
 * key. Takes the `vapid` scheme, and the drafts' `WebPush` with `Crypto-Key: p256ecdsa=…`.
 */
export async function checkVapid(
  headers: IncomingHttpHeaders,
  expectation: VapidExpectation,
): Promise<VapidResult> {
  const { applicationServerKey } = expectation
  if (headers.authorization === undefined) {
    if (applicationServerKey === null) return { ok: true, key: null }
    const reason = 'This subscription is restricted to one application server:'
    return refused(refuse('vapid-missing', `${reason} Authorization is missing.`))
  }
  const credentials = parseCredentials(headers.authorization, headers['crypto-key'])
  if (typeof credentials === 'string') return refused(refuse('vapid-header', credentials))
  const refusal = await checkToken(credentials, expectation)
  return refusal ? refused(refusal) : { ok: true, key: credentials.key }
}

function refused(refusal: Refusal): VapidResult {
  return { ok: false, refusal }
}

async function checkToken(
  { token, key }: VapidCredentials,
  expectation: VapidExpectation,
): Promise<Refusal | null> {
  const parts = token.split('.')
  const [header, claims, signature] = parts.map((part) => decodeBase64url(part))
  if (parts.length !== 3 || !header || !claims || !signature) {
    return refuse('vapid-token', 'The token is not three parts of base64url without padding.')
  }
  const reason = checkHeader(parseObject(header)) ?? checkClaims(parseObject(claims), expectation)
  if (reason !== null) return refuse('vapid-token', reason)
  const signed = token.slice(0, token.lastIndexOf('.'))
  return (
    checkKey(key, expectation.applicationServerKey) ??
    (await checkSignature(key, signed, signature))
  )
}

function parseCredentials(
  authorization: string,
  cryptoKey: string | string[] | undefined,
): VapidCredentials | string {
  const space = authorization.indexOf(' ')
  const scheme = authorization.slice(0, Math.max(space, 0)).toLowerCase()
  const rest = authorization.slice(space + 1).trim()
  if (scheme === 'vapid') {
    const parameters = headerParameters(rest)
    const [token, key] = [parameters.get('t'), parameters.get('k')]
    if (!token || !key) return 'Authorization: vapid needs both "t" (the token) and "k" (the key).'
    return { token, key: key.replace(/=+$/, '') }
  }
  if (scheme === 'webpush' || scheme === 'bearer') {
    const key = headerParameters(String(cryptoKey ?? '')).get('p256ecdsa')
    if (!key) return 'Authorization: WebPush needs the key in Crypto-Key: p256ecdsa=….'
    return { token: rest, key: key.replace(/=+$/, '') }
  }
  return 'The Authorization scheme is unknown: write "vapid t=…, k=…".'
}

function parseObject(bytes: Uint8Array): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject ? { ...value } : null
  } catch {
    return null
  }
}

function checkHeader(header: Readonly<Record<string, unknown>> | null): string | null {
  if (!header) return "The token's header is not a JSON object."
  return header['alg'] === 'ES256' ? null : 'The token is not signed with ES256 ("alg").'
}

function checkClaims(
  claims: Readonly<Record<string, unknown>> | null,
  { audiences, now, slackSeconds, checkSubject }: VapidExpectation,
): string | null {
  if (!claims) return "The token's claims are not a JSON object."
  const { aud, exp, sub } = claims
  const nowSeconds = now / 1000
  if (typeof aud !== 'string') return 'The claim "aud" is missing or not a string.'
  if (!audiences.includes(aud)) return 'The claim "aud" is not the origin of the endpoint.'
  if (typeof exp !== 'number') return 'The claim "exp" is missing or not a number.'
  if (exp <= nowSeconds) return 'The token has expired ("exp" is in seconds since the epoch).'
  if (exp > nowSeconds + maxAheadSeconds + slackSeconds) {
    return 'The claim "exp" lies more than 24 hours ahead (it is in seconds, not milliseconds).'
  }
  return checkSubject(sub)
}

function checkKey(key: string, applicationServerKey: string | null): Refusal | null {
  if (applicationServerKey === null || key === applicationServerKey) return null
  const reason = 'The key is not the applicationServerKey of this subscription.'
  return refuse('vapid-mismatch', reason)
}

async function checkSignature(
  key: string,
  signed: string,
  signature: Uint8Array<ArrayBuffer>,
): Promise<Refusal | null> {
  const point = decodeBase64url(key)
  if (point?.length !== 65) {
    return refuse('vapid-key', 'The key is not an uncompressed P-256 point in base64url.')
  }
  const curve = { name: 'ECDSA', namedCurve: 'P-256' }
  const publicKey = await crypto.subtle
    .importKey('raw', point, curve, false, ['verify'])
    .catch(() => null)
  if (!publicKey) return refuse('vapid-key', 'The key is not a point on the P-256 curve.')
  const algorithm = { name: 'ECDSA', hash: 'SHA-256' }
  const bytes = new TextEncoder().encode(signed)
  return (await crypto.subtle.verify(algorithm, publicKey, signature, bytes))
    ? null
    : refuse('vapid-token', 'The signature does not match the token and the key.')
}
