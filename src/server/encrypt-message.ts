import { type ArgumentError, typeError } from '../shared/errors.ts'
import { deriveKeyingMaterial } from './derive-keys.ts'
import { createHmacSha256 } from './hmac-sha256.ts'
import type { MessageEncryption, RecipientKeys } from './message-encryption.ts'
import { recordSize } from './message-record.ts'
import { sealRecords } from './seal-records.ts'

/** What is random in one encryption. Fixed only to reproduce published vectors. */
export interface EncryptionRandomness {
  /** 16 octets. */
  readonly salt: Uint8Array<ArrayBuffer>
  /** An ECDH pair on P-256 of this message alone. */
  readonly keyPair: CryptoKeyPair
}

const curve = { name: 'ECDH', namedCurve: 'P-256' }

/**
 * Makes an encryption on WebCrypto, which every runtime has. It keeps the keys of browsers that it has
 * sent to before.
 */
export function createMessageEncryption(): MessageEncryption {
  const imported = new WeakMap<RecipientKeys, Promise<CryptoKey> | null>()
  return (record, keys) => {
    const browserKey = imported.get(keys) ?? importBrowserKey(keys)
    // Not at first sight: most are never seen again, and what is behind a key is not collected soon.
    imported.set(keys, imported.has(keys) ? browserKey : null)
    return encryptMessage(record, keys, browserKey)
  }
}

/** Encrypts one message: a {@link MessageEncryption} for once. */
export async function encryptMessage(
  record: Uint8Array<ArrayBuffer>,
  keys: RecipientKeys,
  browserKey: Promise<CryptoKey> = importBrowserKey(keys),
  randomness?: EncryptionRandomness,
): Promise<Uint8Array<ArrayBuffer>> {
  const { subtle } = crypto
  const [key, keyPair] = await Promise.all([
    browserKey,
    randomness?.keyPair ?? subtle.generateKey(curve, false, ['deriveBits']),
  ])
  const salt = randomness?.salt ?? crypto.getRandomValues(new Uint8Array(16))
  const [exported, shared] = await Promise.all([
    subtle.exportKey('raw', keyPair.publicKey),
    subtle.deriveBits({ name: 'ECDH', public: key }, keyPair.privateKey, 256),
  ])
  const keyid = new Uint8Array(exported)
  const hmac = createHmacSha256()
  const ikm = deriveKeyingMaterial({ ...keys, keyid, shared: new Uint8Array(shared) }, hmac)
  return sealRecords({ ikm, salt, keyid, rs: recordSize }, [record], hmac)
}

/** Makes the error for a `p256dh` that is no point on the curve. */
export function notOnCurve(): ArgumentError {
  return typeError(
    'invalid-subscription',
    'subscription.keys.p256dh must be a point on the P-256 curve.',
  )
}

function importBrowserKey({ p256dh }: RecipientKeys): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', p256dh, curve, false, []).catch(() => {
    throw notOnCurve()
  })
}
