import { encodeBase64url } from '../shared/base64url.ts'
import { encodeText } from './seal-records.ts'
import { checkVapidOptions, importVapidKey } from './signing-key.ts'
import type { VapidOptions } from './vapid-keys.ts'

/** What a VAPID token says (RFC 8292 §2). */
export interface VapidClaims {
  /** The origin of the push service. */
  readonly aud: string
  /** Seconds since 1970; at most 24 hours ahead. */
  readonly exp: number
  readonly sub: string
}

/** Tokens hold for half of the 24 hours that RFC 8292 §2 allows: room for clocks that are wrong. */
const tokenSeconds = 12 * 3600

/** A token is not used in its last hour, so that none ends on its way or in a service's queue. */
const marginSeconds = 3600

/** Endpoints come from strangers, and so do their origins: this many tokens are kept at most. */
const maximumTokens = 500

/**
 * Gives the `Authorization` header for a push service (RFC 8292 §3). A token is signed once for
 * each origin and then reused: RFC 8292 §5 encourages it, and Apple asks for it.
 *
 * @throws TypeError at once for options that are wrong on their face. Keys that are none reject
 * each header.
 */
export function createVapidAuthorization(
  vapid: VapidOptions,
  now: () => number,
): (origin: string) => Promise<string> {
  checkVapidOptions(vapid)
  const tokens = new Map<string, { readonly exp: number; readonly token: Promise<string> }>()
  let key: Promise<CryptoKey> | undefined
  return async (aud) => {
    const seconds = Math.floor(now() / 1000)
    let entry = tokens.get(aud)
    if (!entry || entry.exp - marginSeconds <= seconds) {
      const exp = seconds + tokenSeconds
      key ??= importVapidKey(vapid)
      entry = { exp, token: signVapidToken({ aud, exp, sub: vapid.subject }, key) }
      if (tokens.size >= maximumTokens) tokens.clear()
      tokens.set(aud, entry)
    }
    return `vapid t=${await entry.token}, k=${vapid.publicKey}`
  }
}

/** Writes and signs one token: a JWT with ES256 (RFC 7515, RFC 8292 §2). */
export async function signVapidToken(
  { aud, exp, sub }: VapidClaims,
  key: CryptoKey | Promise<CryptoKey>,
): Promise<string> {
  const unsigned = [
    { typ: 'JWT', alg: 'ES256' },
    { aud, exp, sub },
  ]
    .map((part) => encodeBase64url(encodeText(JSON.stringify(part))))
    .join('.')
  const algorithm = { name: 'ECDSA', hash: 'SHA-256' }
  const signature = await crypto.subtle.sign(algorithm, await key, encodeText(unsigned))
  return `${unsigned}.${encodeBase64url(new Uint8Array(signature))}`
}
