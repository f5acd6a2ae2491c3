import {
  createCipheriv,
  createPublicKey,
  diffieHellman,
  generateKeyPair,
  type KeyObject,
  randomBytes,
} from 'node:crypto'
import { deriveKeyingMaterial, deriveRecordKeys } from '../server/derive-keys.ts'
import { notOnCurve } from '../server/encrypt-message.ts'
import type { MessageEncryption, RecipientKeys } from '../server/message-encryption.ts'
import { recordSize } from '../server/message-record.ts'
import { recordHeader, type SealingParameters } from '../server/seal-records.ts'

/** What is random in one encryption. Fixed only to reproduce published vectors. */
export interface EncryptionRandomness {
  /** 16 octets. */
  readonly salt: Uint8Array
  /** An ECDH pair on P-256 of this message alone. */
  readonly keyPair: KeyPair
}

interface KeyPair {
  readonly publicKey: KeyObject
  readonly privateKey: KeyObject
}

/**
 * Makes an encryption on `node:crypto`. What takes the most time, the two steps on the curve, runs on
 * Node's thread pool beside the other messages; the rest runs at once, with no way to a thread and
 * back. It keeps the keys of browsers that it has sent to before.
 */
export function createMessageEncryption(): MessageEncryption {
  const imported = new WeakMap<RecipientKeys, KeyObject | null>()
  return async (record, keys) => {
    const browserKey = imported.get(keys) ?? importBrowserKey(keys)
    // Not at first sight: most are never seen again, and what is behind a key is not collected soon.
    imported.set(keys, imported.has(keys) ? browserKey : null)
    const keyPair = await generatePair()
    return encryptMessage(record, keys, { salt: randomBytes(16), keyPair }, browserKey)
  }
}

/** Encrypts one message: a {@link MessageEncryption} for once. */
export async function encryptMessage(
  record: Uint8Array,
  keys: RecipientKeys,
  { salt, keyPair }: EncryptionRandomness,
  browserKey: KeyObject = importBrowserKey(keys),
): Promise<Uint8Array<ArrayBuffer>> {
  const shared = await agree(keyPair.privateKey, browserKey)
  const keyid = pointOf(keyPair.publicKey)
  const ikm = deriveKeyingMaterial({ ...keys, keyid, shared })
  return sealRecord({ ikm, salt, keyid, rs: recordSize }, record)
}

/** Encrypts one record into one `aes128gcm` body (RFC 8188 §2). */
export function sealRecord(
  { ikm, salt, keyid, rs }: SealingParameters,
  record: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const { cek, nonce } = deriveRecordKeys(ikm, salt)
  const cipher = createCipheriv('aes-128-gcm', cek, nonce)
  const header = recordHeader(rs, keyid)
  const start = salt.length + header.length
  const body = new Uint8Array(start + record.length + 16)
  body.set(salt)
  body.set(header, salt.length)
  body.set(cipher.update(record), start)
  cipher.final()
  body.set(cipher.getAuthTag(), start + record.length)
  return body
}

function generatePair(): Promise<KeyPair> {
  return new Promise((resolve, reject) => {
    generateKeyPair('ec', { namedCurve: 'P-256' }, (error, publicKey, privateKey) => {
      if (error) reject(error)
      else resolve({ publicKey, privateKey })
    })
  })
}

function agree(privateKey: KeyObject, publicKey: KeyObject): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const shared = diffieHellman({ privateKey, publicKey }, (error, secret) => {
      if (error) reject(error)
      else resolve(secret)
    }) as Uint8Array | void
    // Node 22 has no callback here, and returns the secret.
    if (shared) resolve(shared)
  })
}

/** As a JWK it is exported several times as fast as in DER, which OpenSSL 3.5 looks an encoder up for. */
function pointOf(publicKey: KeyObject): Uint8Array {
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
  const point = new Uint8Array(65)
  point[0] = 4
  point.set(Buffer.from(x, 'base64url'), 1)
  point.set(Buffer.from(y, 'base64url'), 33)
  return point
}

function importBrowserKey({ p256dh }: RecipientKeys): KeyObject {
  const point = Buffer.from(p256dh)
  const x = point.toString('base64url', 1, 33)
  const y = point.toString('base64url', 33)
  try {
    return createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' })
  } catch {
    throw notOnCurve()
  }
}
