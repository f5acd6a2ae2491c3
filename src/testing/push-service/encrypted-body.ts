/** What stands in the clear in an `aes128gcm` body (RFC 8188 §2.1). */
export interface EncryptedBody {
  /** 16 octets. */
  readonly salt: Uint8Array
  /** The announced record size, the tag included. */
  readonly recordSize: number
  /** The sender's public key, as RFC 8291 §4 uses the key id. */
  readonly keyId: Uint8Array<ArrayBuffer>
  /** The octets of all records. */
  readonly recordsLength: number
}

const saltOctets = 16
const fixedHeaderOctets = 21

/**
 * Reads the header of an `aes128gcm` body.
 *
 * @returns `null` when the body ends before its header does.
 */
export function readEncryptedBody(body: Uint8Array): EncryptedBody | null {
  const keyLength = body[fixedHeaderOctets - 1]
  if (keyLength === undefined) return null
  const headerLength = fixedHeaderOctets + keyLength
  if (body.length < headerLength) return null
  const view = new DataView(body.buffer, body.byteOffset)
  return {
    salt: body.slice(0, saltOctets),
    recordSize: view.getUint32(saltOctets),
    keyId: new Uint8Array(body.slice(fixedHeaderOctets, headerLength)),
    recordsLength: body.length - headerLength,
  }
}
