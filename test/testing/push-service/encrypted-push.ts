import { createECDH, randomBytes } from 'node:crypto'

/** What stands in an `aes128gcm` body, and what a test changes in it. */
export interface BodyParts {
  readonly salt?: Uint8Array
  readonly recordSize?: number
  readonly keyId?: Uint8Array
  /** Octets of all records, tag and delimiter included. */
  readonly recordsLength?: number
}

/** A new P-256 public key, 65 octets. */
export function newPoint(): Uint8Array {
  return createECDH('prime256v1').generateKeys()
}

/**
 * Makes a body that looks like an encrypted message: only the browser's keys could tell that its
 * record is random.
 */
export function createBody({
  salt = randomBytes(16),
  recordSize = 4096,
  keyId = newPoint(),
  recordsLength = 60,
}: BodyParts = {}): Uint8Array<ArrayBuffer> {
  const size = Buffer.alloc(4)
  size.writeUInt32BE(recordSize)
  const header = [salt, size, Uint8Array.of(keyId.length), keyId]
  return new Uint8Array(Buffer.concat([...header, randomBytes(recordsLength)]))
}
