import { concatBytes } from './concat-bytes.ts'
import { deriveRecordKeys } from './derive-keys.ts'
import type { Hmac } from './hmac-sha256.ts'

/** What the records of one body have in common (RFC 8188 §2.1). */
export interface SealingParameters {
  /** Input keying material: for Web Push, the 32 octets that RFC 8291 §3.4 derives. */
  readonly ikm: Uint8Array
  /** 16 octets, never the same twice for one `ikm`. */
  readonly salt: Uint8Array
  /** At most 255 octets: for Web Push, the sender's public key. */
  readonly keyid: Uint8Array
  /** The record size in octets, the 16 of the tag included. Only the last record may be smaller. */
  readonly rs: number
}

/**
 * Encrypts records into one `aes128gcm` body (RFC 8188 §2).
 *
 * @param records - Each one with its delimiter (2 in the last record, 1 in all others) and padding:
 * where a plaintext is split, and how it is padded, is the caller's choice.
 * @returns The header, then the sealed records.
 */
export async function sealRecords(
  { ikm, salt, rs, keyid }: SealingParameters,
  records: ReadonlyArray<Uint8Array<ArrayBuffer>>,
  hmac: Hmac,
): Promise<Uint8Array<ArrayBuffer>> {
  const { subtle } = crypto
  const { cek, nonce: iv } = deriveRecordKeys(ikm, salt, hmac)
  const key = await subtle.importKey('raw', cek, 'AES-GCM', false, ['encrypt'])
  const counter = new DataView(iv.buffer, 8)
  const base = counter.getUint32(0)
  const sealed = records.map((record, sequence) => {
    // RFC 8188 §2.3: the nonce is its base exclusive-or the record's number.
    counter.setUint32(0, base ^ sequence)
    return subtle.encrypt({ name: 'AES-GCM', iv: iv.slice() }, key, record)
  })
  const octets = (await Promise.all(sealed)).map((part) => new Uint8Array(part))
  return concatBytes(salt, headerSizes(rs, keyid), keyid, ...octets)
}

/** What of a body's header stands between `salt` and `keyid`: five octets (RFC 8188 §2.1). */
export function headerSizes(rs: number, { length }: Uint8Array): Uint8Array {
  return Uint8Array.of(rs >>> 24, rs >>> 16, rs >>> 8, rs, length)
}
