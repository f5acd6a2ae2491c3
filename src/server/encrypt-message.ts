import { decodeBase64url } from '../shared/base64url.ts'
import { rangeError, typeError } from '../shared/errors.ts'
import type { PushSubscriptionData } from '../shared/subscription.ts'
import { maximumOctets } from '../shared/write-message.ts'
import { concatBytes } from './concat-bytes.ts'
import { deriveOctets, encodeText, sealRecords } from './seal-records.ts'

/** What is random in one encryption. Fixed only to reproduce published vectors. */
export interface EncryptionRandomness {
  /** 16 octets. */
  readonly salt: Uint8Array<ArrayBuffer>
  /** An ECDH pair on P-256 of this message alone. */
  readonly keyPair: CryptoKeyPair
}

/**
 * Encrypts one message for one subscription (RFC 8291 §3, `aes128gcm`), in one record, with a salt
 * and a key pair that are used once.
 *
 * @param plaintext - At most 3,993 octets, so that the body fits the 4,096 that push services take
 * (RFC 8291 §4).
 * @param keys - As `parseSubscription` returns them.
 * @returns The whole request body: the header of 86 octets, then one record.
 * @throws RangeError `message-too-large`; TypeError `invalid-subscription` when `p256dh` is no
 * point on the curve.
 */
export async function encryptMessage(
  plaintext: Uint8Array,
  keys: PushSubscriptionData['keys'],
  randomness?: EncryptionRandomness,
): Promise<Uint8Array<ArrayBuffer>> {
  if (plaintext.length > maximumOctets) {
    throw rangeError(
      'message-too-large',
      `message must be at most ${maximumOctets} octets; got ${plaintext.length}.`,
    )
  }
  const { subtle } = crypto
  const curve = { name: 'ECDH', namedCurve: 'P-256' }
  const browserOctets = decodeBase64url(keys.p256dh) as Uint8Array<ArrayBuffer>
  const auth = decodeBase64url(keys.auth) as Uint8Array<ArrayBuffer>
  const browserKey = await subtle.importKey('raw', browserOctets, curve, false, []).catch(() => {
    throw typeError(
      'invalid-subscription',
      'subscription.keys.p256dh must be a point on the P-256 curve.',
    )
  })
  const { salt, keyPair } = randomness ?? {
    salt: crypto.getRandomValues(new Uint8Array(16)),
    keyPair: await subtle.generateKey(curve, false, ['deriveBits']),
  }
  const keyid = new Uint8Array(await subtle.exportKey('raw', keyPair.publicKey))
  const shared = await subtle.deriveBits(
    { name: 'ECDH', public: browserKey },
    keyPair.privateKey,
    256,
  )
  const info = concatBytes(encodeText('WebPush: info\0'), browserOctets, keyid)
  const ikm = await deriveOctets(new Uint8Array(shared), auth, info, 32)
  return sealRecords({ ikm, salt, keyid, rs: 4096 }, [concatBytes(plaintext, Uint8Array.of(2))])
}
