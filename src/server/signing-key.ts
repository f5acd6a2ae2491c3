import { decodeBase64url, encodeBase64url } from '../shared/base64url.ts'
import { typeError } from '../shared/errors.ts'
import type { VapidKeys, VapidOptions } from './vapid-keys.ts'

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

/**
 * Checks everything about VAPID options that can be checked at once. That the keys are keys, and
 * belong together, {@link importVapidKey} finds out.
 *
 * @throws TypeError with the code `invalid-argument`, naming the field.
 */
export function checkVapidOptions({ subject, publicKey, privateKey }: VapidOptions): void {
  if (
    !/^(mailto:[^\s<>@]+@|https:\/\/)[^\s<>]+$/i.test(subject) ||
    /[@/]localhost([:/?]|$)/i.test(subject)
  ) {
    throw typeError(
      'invalid-argument',
      'vapid.subject must be a mailto: or https: URL without spaces, angle brackets or localhost.',
    )
  }
  octetsOf(publicKey, 'publicKey', 65)
  octetsOf(privateKey, 'privateKey', 32)
}

/**
 * Turns a key pair into the key that signs.
 *
 * @throws TypeError with the code `invalid-argument`, naming `vapid.publicKey` or
 * `vapid.privateKey`, also when they do not belong together.
 */
export async function importVapidKey({ publicKey, privateKey: d }: VapidKeys): Promise<CryptoKey> {
  const { subtle } = crypto
  const point = octetsOf(publicKey, 'publicKey', 65)
  const verifying = await subtle
    .importKey('raw', point, algorithm, false, ['verify'])
    .catch(() => refuse('publicKey must be a point on the P-256 curve'))
  const x = encodeBase64url(point.subarray(1, 33))
  const y = encodeBase64url(point.subarray(33))
  try {
    const jwk = { kty: 'EC', crv: 'P-256', x, y, d }
    const signing = await subtle.importKey('jwk', jwk, algorithm, false, ['sign'])
    // Some runtimes compare the halves of a JWK, others take any: a signature tells in all of them.
    const signature = await subtle.sign(algorithm, signing, point)
    if (await subtle.verify(algorithm, verifying, signature, point)) return signing
  } catch {
    // A private key that is no number of the curve, or another point's.
  }
  return refuse('privateKey must belong to vapid.publicKey')
}

function octetsOf(text: unknown, name: string, length: number): Uint8Array<ArrayBuffer> {
  const bytes = typeof text === 'string' ? decodeBase64url(text) : null
  return bytes?.length === length
    ? bytes
    : refuse(`${name} must be ${length} octets in base64url without padding`)
}

function refuse(expectation: string): never {
  throw typeError(
    'invalid-argument',
    `vapid.${expectation}. generateVapidKeys() makes a pair that fits.`,
  )
}
