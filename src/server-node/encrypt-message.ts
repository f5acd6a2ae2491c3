import {
  createCipheriv,
  createPublicKey,
  createSecretKey,
  diffieHellman,
  generateKeyPair,
  type KeyObject,
} from 'node:crypto'
import { deriveKeyingMaterial, deriveRecordKeys } from '../server/derive-keys.ts'
import { notOnCurve } from '../server/encrypt-message.ts'
import { createHmacSha256, type Hmac } from '../server/hmac-sha256.ts'
import type { MessageEncryption, RecipientKeys } from '../server/message-encryption.ts'
import { recordSize } from '../server/message-record.ts'
import { headerSizes, type SealingParameters } from '../server/seal-records.ts'
import { createSaltSource } from './salt-source.ts'

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
  const hmac = createHmacSha256()
  const nextSalt = createSaltSource()
  return async (record, keys) => {
    const browserKey = imported.get(keys) ?? importBrowserKey(keys)
    // Not at first sight: most are never seen again, and what is behind a key is not collected soon.
    imported.set(keys, imported.has(keys) ? browserKey : null)
    const keyPair = await generatePair()
    return encryptMessage(record, keys, { salt: nextSalt(), keyPair }, { browserKey, hmac })
  }
}

/** What one message has from the others. */
interface Kept {
  readonly browserKey?: KeyObject
  readonly hmac?: Hmac
}

/** Encrypts one message: a {@link MessageEncryption} for once. */
export async function encryptMessage(
  record: Uint8Array,
  keys: RecipientKeys,
  { salt, keyPair }: EncryptionRandomness,
  { browserKey = importBrowserKey(keys), hmac = createHmacSha256() }: Kept = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const agreement = agree(keyPair.privateKey, browserKey)
  // Meanwhile: the agreement is on another thread.
  const keyid = pointOf(keyPair.publicKey)
  const shared = await agreement
  const ikm = deriveKeyingMaterial({ ...keys, keyid, shared }, hmac)
  return sealRecord({ ikm, salt, keyid, rs: recordSize }, record, hmac)
}

/** Where a body has its `keyid`: behind the salt and five octets of sizes (RFC 8188 §2.1). */
const keyidAt = 21

/** Encrypts one record into one `aes128gcm` body (RFC 8188 §2). */
export function sealRecord(
  { ikm, salt, rs, keyid }: SealingParameters,
  record: Uint8Array,
  hmac: Hmac,
): Uint8Array<ArrayBuffer> {
  const { cek, nonce } = deriveRecordKeys(ikm, salt, hmac)
  // From octets it takes four times as long on Node 24, which has errors thrown to tell what they are.
  const cipher = createCipheriv('aes-128-gcm', createSecretKey(cek), nonce)
  const start = keyidAt + keyid.length
  const body = new Uint8Array(start + record.length + 16)
  body.set(salt)
  body.set(headerSizes(rs, keyid), salt.length)
  body.set(keyid, keyidAt)
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

/** As a JWK it is exported more than twice as fast as in DER, which OpenSSL 3.5 looks an encoder up for. */
function pointOf(publicKey: KeyObject): Uint8Array {
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
  const point = Buffer.allocUnsafe(65)
  point[0] = 4
  point.write(x, 1, 'base64url')
  point.write(y, 33, 'base64url')
  return point
}

/**
 * As PEM it is imported twice as fast as in any other form, and its first agreement is faster: as JWK
 * or raw, OpenSSL would have to convert it first.
 */
function importBrowserKey({ p256dh }: RecipientKeys): KeyObject {
  const spki = Buffer.concat([spkiPrefix, p256dh]).toString('base64')
  try {
    return createPublicKey(`-----BEGIN PUBLIC KEY-----\n${spki}\n-----END PUBLIC KEY-----`)
  } catch {
    throw notOnCurve()
  }
}

/** What comes before a point on P-256 in its SubjectPublicKeyInfo (RFC 5480 §2). */
const spkiPrefix = Buffer.from('3059301306072a8648ce3d020106082a8648ce3d030107034200', 'hex')
