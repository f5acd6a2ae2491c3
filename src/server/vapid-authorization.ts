import { encodeBase64url } from '../shared/base64url.ts'
import { rangeError } from '../shared/errors.ts'
import { encodeText } from './encode-text.ts'
import { checkVapidOptions, importVapidKey } from './signing-key.ts'
import type { VapidKeyRing, VapidOptions } from './vapid-keys.ts'

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
 * Gives the `Authorization` header for the origin of a push service (RFC 8292 §3), signed with the
 * pair whose public key is given, else with the first. A token is signed once for each origin and
 * pair, and then reused: RFC 8292 §5 encourages it, and Apple asks for it.
 *
 * @throws TypeError at once for options that are wrong on their face. Keys that are none reject
 * each header, and so does a public key that no pair has.
 */
export function createVapidAuthorization(
  vapid: VapidOptions | VapidKeyRing,
  now: () => number,
): (origin: string, publicKey?: string) => Promise<string> {
  const { subject, keys = [] } = vapid as VapidOptions & Partial<VapidKeyRing>
  // An empty list is refused as a pair whose keys are missing.
  const pairs = keys.length ? keys : [vapid as VapidOptions]
  for (const pair of pairs) checkVapidOptions({ ...pair, subject })
  const tokens = new Map<string, { readonly exp: number; readonly token: Promise<string> }>()
  return async (aud, wanted = pairs[0]?.publicKey) => {
    const pair = pairs.find(({ publicKey }) => publicKey === wanted)
    if (!pair) {
      throw rangeError(
        'invalid-application-server-key',
        'applicationServerKey must be the public key of a pair in vapid.',
      )
    }
    const id = wanted + aud
    const seconds = Math.floor(now() / 1000)
    let entry = tokens.get(id)
    const left = entry ? entry.exp - seconds : 0
    // More than a token has when it is new: the clock was set back.
    if (!entry || left <= marginSeconds || left > tokenSeconds) {
      const exp = seconds + tokenSeconds
      entry = { exp, token: signVapidToken({ aud, exp, sub: subject }, importVapidKey(pair)) }
      if (tokens.size >= maximumTokens) tokens.clear()
      tokens.set(id, entry)
      const made = entry
      entry.token.catch(() => {
        if (tokens.get(id) === made) tokens.delete(id)
      })
    }
    return `vapid t=${await entry.token}, k=${wanted}`
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
