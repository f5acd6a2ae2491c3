import { rangeError } from '../shared/errors.ts'
import { maximumOctets } from '../shared/write-message.ts'

/** The record size that every message names: the 4,096 octets of RFC 8291 §4. */
export const recordSize = 4096

/**
 * Makes the one record of a message: the plaintext, its delimiter and zeros (RFC 8188 §2).
 *
 * @param sizes - Whole numbers up to 3,993: plaintexts of up to so many octets all get the same
 * length, the first that fits. None of them fitting, or none given, nothing is added.
 * @throws RangeError with the code `message-too-large`.
 */
export function messageRecord(
  plaintext: Uint8Array,
  sizes: readonly number[] = [],
): Uint8Array<ArrayBuffer> {
  const { length } = plaintext
  if (length > maximumOctets) {
    throw rangeError(
      'message-too-large',
      `message must be at most ${maximumOctets} octets; got ${length}.`,
    )
  }
  const size = Math.min(...sizes.filter((most) => most >= length))
  const record = new Uint8Array((size === Infinity ? length : size) + 1)
  record.set(plaintext)
  record[length] = 2
  return record
}
