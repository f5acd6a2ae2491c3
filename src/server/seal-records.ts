import { concatBytes } from './concat-bytes.ts'

/** What the records of one body have in common (RFC 8188 §2.1). */
export interface SealingParameters {
  /** Input keying material: for Web Push, the 32 octets that RFC 8291 §3.4 derives. */
  readonly ikm: Uint8Array<ArrayBuffer>
  /** 16 octets, never the same twice for one `ikm`. */
  readonly salt: Uint8Array<ArrayBuffer>
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
  { ikm, salt, keyid, rs }: SealingParameters,
  records: ReadonlyArray<Uint8Array<ArrayBuffer>>,
): Promise<Uint8Array<ArrayBuffer>> {
  const { subtle } = crypto
  const cek = await deriveOctets(ikm, salt, encodeText('Content-Encoding: aes128gcm\0'), 16)
  const key = await subtle.importKey('raw', cek, 'AES-GCM', false, ['encrypt'])
  const iv = await deriveOctets(ikm, salt, encodeText('Content-Encoding: nonce\0'), 12)
  const counter = new DataView(iv.buffer, 8)
  const base = counter.getUint32(0)
  const header = new Uint8Array(5)
  new DataView(header.buffer).setUint32(0, rs)
  header[4] = keyid.length
  const parts = [salt, header, keyid]
  for (const [sequence, record] of records.entries()) {
    // RFC 8188 §2.3: the nonce is its base exclusive-or the record's number.
    counter.setUint32(0, base ^ sequence)
    parts.push(new Uint8Array(await subtle.encrypt({ name: 'AES-GCM', iv }, key, record)))
  }
  return concatBytes(...parts)
}

/**
 * HKDF with SHA-256 (RFC 5869), extract and expand in one.
 *
 * @param length - Octets wanted.
 */
export async function deriveOctets(
  ikm: Uint8Array<ArrayBuffer>,
  salt: Uint8Array<ArrayBuffer>,
  info: Uint8Array<ArrayBuffer>,
  length: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const key = await crypto.subtle.importKey('raw', ikm, 'HKDF', false, ['deriveBits'])
  const algorithm = { name: 'HKDF', hash: 'SHA-256', salt, info }
  return new Uint8Array(await crypto.subtle.deriveBits(algorithm, key, length * 8))
}

/** UTF-8, in a buffer that WebCrypto takes. */
export function encodeText(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text)
}
