import { concatBytes } from './concat-bytes.ts'
import { encodeText } from './encode-text.ts'
import type { Hmac } from './hmac-sha256.ts'

/** What the input keying material of a message comes from (RFC 8291 §3.4). */
export interface KeyAgreement {
  /** The 32 octets that the two key pairs share. */
  readonly shared: Uint8Array
  /** The subscription's authentication secret. */
  readonly auth: Uint8Array
  /** The browser's public key: 65 octets. */
  readonly p256dh: Uint8Array
  /** The public key of this message's own pair: 65 octets. */
  readonly keyid: Uint8Array
}

/** Derives the input keying material of one message (RFC 8291 §3.4). */
export function deriveKeyingMaterial(
  { shared, auth, p256dh, keyid }: KeyAgreement,
  hmac: Hmac,
): Uint8Array<ArrayBuffer> {
  return hmac(hmac(auth, shared), concatBytes(keyInfo, p256dh, keyid, step))
}

/** What the records of one body are sealed with (RFC 8188 §2.2 and §2.3). */
export interface RecordKeys {
  /** The content encryption key, for AES-128-GCM. */
  readonly cek: Uint8Array<ArrayBuffer>
  /** 12 octets: the nonce of the first record, and the base of all others. */
  readonly nonce: Uint8Array<ArrayBuffer>
}

/** Derives the keys of one body from its keying material and its salt. */
export function deriveRecordKeys(ikm: Uint8Array, salt: Uint8Array, hmac: Hmac): RecordKeys {
  const prk = hmac(salt, ikm)
  return {
    cek: hmac(prk, cekInfo).slice(0, 16),
    nonce: hmac(prk, nonceInfo).slice(0, 12),
  }
}

/** What ends the `info` of HKDF-Expand in its first step, of up to 32 octets (RFC 5869 §2.3). */
const step = Uint8Array.of(1)
const keyInfo = encodeText('WebPush: info\0')
const cekInfo = concatBytes(encodeText('Content-Encoding: aes128gcm\0'), step)
const nonceInfo = concatBytes(encodeText('Content-Encoding: nonce\0'), step)
