import { decodeBase64url, encodeBase64url } from '../shared/base64url.ts'
import { typeError } from '../shared/errors.ts'
import { concatBytes } from './concat-bytes.ts'
import type { VapidKeys } from './vapid-keys.ts'

/** A key pair as other tools keep it. */
export type VapidKeySource =
  /** PEM: `BEGIN PRIVATE KEY` (PKCS #8) or `BEGIN EC PRIVATE KEY` (SEC 1), as OpenSSL writes them. */
  | string
  /** A private JWK of P-256 (RFC 7518 §6.2). */
  | {
      readonly kty?: string
      readonly crv?: string
      readonly x?: string
      readonly y?: string
      readonly d?: string
    }

const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }

/** What PKCS #8 has before a SEC 1 key of P-256 (RFC 5958 §2, RFC 5480 §2.1.1), in base64. */
const versionAndAlgorithm = 'AgEAMBMGByqGSM49AgEGCCqGSM49AwEH'

/**
 * Reads a VAPID key pair from PEM or a JWK, as other tools make and keep them.
 *
 * @throws TypeError with the code `invalid-argument` for anything but a private key of P-256.
 *
 * @example
 * const keys = await parseVapidKeys(process.env.VAPID_PEM)
 * const sender = createPushSender({ vapid: { subject: 'mailto:ops@example.com', ...keys } })
 */
export async function parseVapidKeys(source: VapidKeySource): Promise<VapidKeys> {
  const { subtle } = crypto
  try {
    const jwk =
      typeof source === 'string'
        ? await subtle.exportKey(
            'jwk',
            await subtle.importKey('pkcs8', readPem(source), algorithm, true, ['sign']),
          )
        : source
    const { kty, crv, x, y, d } = jwk
    const key = await subtle.importKey(
      'jwk',
      { kty, crv, x, y, d } as JsonWebKey,
      algorithm,
      true,
      ['sign'],
    )
    if (key.type === 'private') return { publicKey: publicKeyOf(jwk), privateKey: String(d) }
  } catch {
    // What it was must not be told.
  }
  throw typeError(
    'invalid-argument',
    'source must be a private key on the P-256 curve: PEM, or a JWK with x, y and d.',
  )
}

function publicKeyOf({ x = '', y = '' }: { readonly x?: string; readonly y?: string }): string {
  const halves = [decodeBase64url(x), decodeBase64url(y)].map((half) => half ?? new Uint8Array())
  return encodeBase64url(concatBytes(Uint8Array.of(4), ...halves))
}

/** @returns PKCS #8, whichever of the two it was. */
function readPem(text: string): Uint8Array<ArrayBuffer> {
  // OpenSSL writes the curve's parameters before a SEC 1 key.
  const pattern = /-----BEGIN (EC )?PRIVATE KEY-----([\w+/=\s]+)-----END/
  const [, isSec1, base64 = ''] = pattern.exec(text) ?? []
  const octets = fromBase64(base64.replaceAll(/\s/g, ''))
  return isSec1 ? der(0x30, fromBase64(versionAndAlgorithm), der(0x04, octets)) : octets
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
}

/** One value of DER, of up to 255 octets. */
function der(tag: number, ...content: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const value = concatBytes(...content)
  const length = value.length < 128 ? [value.length] : [0x81, value.length]
  return concatBytes(Uint8Array.of(tag, ...length), value)
}
