/**
 * HMAC with SHA-256.
 *
 * @param key - At most 64 octets.
 */
export type Hmac = (key: Uint8Array, data: Uint8Array) => Uint8Array<ArrayBuffer>

/**
 * Makes an HMAC with SHA-256 (RFC 2104, FIPS 180-4) that does its work at once: WebCrypto's has a
 * thread's way there and back for each call, and one message takes five. It works in buffers of its
 * own, which to make anew for each call would take nearly as long as the hash.
 */
export function createHmacSha256(): Hmac {
  // Long enough for each hash that one message takes.
  let octets = new Uint8Array(256)
  const state = new Int32Array(8)
  const schedule = new Int32Array(64)
  return (key, data) => {
    const length = blockOctets + data.length
    if (paddedLength(length) > octets.length) octets = new Uint8Array(paddedLength(length))
    writeKey(octets, key, 0x36)
    octets.set(data, blockOctets)
    hash(octets, length, state, schedule)
    writeKey(octets, key, 0x5c)
    writeState(octets, blockOctets, state)
    hash(octets, blockOctets + 32, state, schedule)
    const digest = new Uint8Array(32)
    writeState(digest, 0, state)
    return digest
  }
}

const blockOctets = 64

/** Whole blocks with room for a bit and the length (FIPS 180-4 §5.1.1). */
function paddedLength(length: number): number {
  return ((length + 8) >> 6) * blockOctets + blockOctets
}

function writeKey(octets: Uint8Array, key: Uint8Array, pad: number): void {
  for (let index = 0; index < blockOctets; index++) octets[index] = (key[index] ?? 0) ^ pad
}

function writeState(octets: Uint8Array, offset: number, state: Int32Array): void {
  for (let index = 0; index < 8; index++) {
    const word = state[index] as number
    const at = offset + index * 4
    octets[at] = word >>> 24
    octets[at + 1] = word >>> 16
    octets[at + 2] = word >>> 8
    octets[at + 3] = word
  }
}

/** SHA-256 of the beginning of `octets`, behind which there is room for the padding (§6.2). */
function hash(octets: Uint8Array, length: number, state: Int32Array, W: Int32Array): void {
  const end = paddedLength(length)
  octets.fill(0, length, end)
  octets[length] = 128
  for (let index = 1, bits = length * 8; bits > 0; index++, bits >>>= 8) octets[end - index] = bits
  state.set(initial)
  for (let offset = 0; offset < end; offset += blockOctets) {
    for (let t = 0; t < 16; t++) {
      const at = offset + t * 4
      W[t] =
        ((octets[at] as number) << 24) |
        ((octets[at + 1] as number) << 16) |
        ((octets[at + 2] as number) << 8) |
        (octets[at + 3] as number)
    }
    compress(state, W)
  }
}

/** One block (§6.2.2). The names are the standard's. */
function compress(state: Int32Array, W: Int32Array): void {
  for (let t = 16; t < 64; t++) {
    const x = W[t - 15] as number
    const y = W[t - 2] as number
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3)
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10)
    W[t] = ((W[t - 16] as number) + s0 + (W[t - 7] as number) + s1) | 0
  }
  let a = state[0] as number
  let b = state[1] as number
  let c = state[2] as number
  let d = state[3] as number
  let e = state[4] as number
  let f = state[5] as number
  let g = state[6] as number
  let h = state[7] as number
  for (let t = 0; t < 64; t++) {
    const S1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7))
    const T1 = (h + S1 + ((e & f) ^ (~e & g)) + (constants[t] as number) + (W[t] as number)) | 0
    const S0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10))
    const T2 = (S0 + ((a & b) ^ (a & c) ^ (b & c))) | 0
    h = g
    g = f
    f = e
    e = (d + T1) | 0
    d = c
    c = b
    b = a
    a = (T1 + T2) | 0
  }
  state[0] = (state[0] as number) + a
  state[1] = (state[1] as number) + b
  state[2] = (state[2] as number) + c
  state[3] = (state[3] as number) + d
  state[4] = (state[4] as number) + e
  state[5] = (state[5] as number) + f
  state[6] = (state[6] as number) + g
  state[7] = (state[7] as number) + h
}

/** §5.3.3. */
const initial: Int32Array = Int32Array.of(
  0x6a09e667,
  0xbb67ae85,
  0x3c6ef372,
  0xa54ff53a,
  0x510e527f,
  0x9b05688c,
  0x1f83d9ab,
  0x5be0cd19,
)

/** §4.2.2. */
const constants: Int32Array = Int32Array.of(
  0x428a2f98,
  0x71374491,
  0xb5c0fbcf,
  0xe9b5dba5,
  0x3956c25b,
  0x59f111f1,
  0x923f82a4,
  0xab1c5ed5,
  0xd807aa98,
  0x12835b01,
  0x243185be,
  0x550c7dc3,
  0x72be5d74,
  0x80deb1fe,
  0x9bdc06a7,
  0xc19bf174,
  0xe49b69c1,
  0xefbe4786,
  0x0fc19dc6,
  0x240ca1cc,
  0x2de92c6f,
  0x4a7484aa,
  0x5cb0a9dc,
  0x76f988da,
  0x983e5152,
  0xa831c66d,
  0xb00327c8,
  0xbf597fc7,
  0xc6e00bf3,
  0xd5a79147,
  0x06ca6351,
  0x14292967,
  0x27b70a85,
  0x2e1b2138,
  0x4d2c6dfc,
  0x53380d13,
  0x650a7354,
  0x766a0abb,
  0x81c2c92e,
  0x92722c85,
  0xa2bfe8a1,
  0xa81a664b,
  0xc24b8b70,
  0xc76c51a3,
  0xd192e819,
  0xd6990624,
  0xf40e3585,
  0x106aa070,
  0x19a4c116,
  0x1e376c08,
  0x2748774c,
  0x34b0bcb5,
  0x391c0cb3,
  0x4ed8aa4a,
  0x5b9cca4f,
  0x682e6ff3,
  0x748f82ee,
  0x78a5636f,
  0x84c87814,
  0x8cc70208,
  0x90befffa,
  0xa4506ceb,
  0xbef9a3f7,
  0xc67178f2,
)
