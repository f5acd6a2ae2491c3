import { randomBytes } from 'node:crypto'

const saltOctets = 16
const drawnOctets = 256 * saltOctets

/**
 * Makes a function that gives a new salt each time: 16 octets. They are drawn many at a time, for the
 * call to the system's generator takes longer than the octets do.
 */
export function createSaltSource(): () => Uint8Array {
  let drawn = new Uint8Array()
  let given = 0
  return () => {
    if (given === drawn.length) {
      drawn = randomBytes(drawnOctets)
      given = 0
    }
    return drawn.subarray(given, (given += saltOctets))
  }
}
