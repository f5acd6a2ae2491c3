import { describe, expect, test } from 'vitest'
import { isP256Point, parseApplicationServerKey } from '../../src/shared/application-server-key.ts'
import { decodeBase64url } from '../../src/shared/base64url.ts'
import { readVectors } from '../vectors/read-vectors.ts'

const { k } = readVectors('rfc8292.json')
const octets = new Uint8Array(Buffer.from(k, 'base64url'))

describe('parseApplicationServerKey', () => {
  test('reads the same key from text, from a buffer and from views of any kind', () => {
    const larger = new Uint8Array(100)
    larger.set(octets, 7)
    for (const key of [
      k,
      octets,
      octets.slice().buffer,
      larger.subarray(7, 72),
      new DataView(larger.buffer, 7, 65),
    ]) {
      expect(parseApplicationServerKey(key)).toEqual(octets)
    }
  })

  test('copies a view into a buffer of its own, because Firefox ignores the offset', () => {
    const larger = new Uint8Array(100)
    larger.set(octets, 7)
    const parsed = parseApplicationServerKey(larger.subarray(7, 72))
    larger.fill(0)
    expect(parsed.buffer.byteLength).toBe(65)
    expect(parsed).toEqual(octets)
  })

  test.each([
    ['padding', `${k}=`],
    ['the other alphabet', k.replace(/.$/, '+')],
    ['an empty text', ''],
    ['a private key', 'yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw'],
    ['a compressed point', octets.subarray(0, 33)],
    ['65 octets that begin with something else', octets.with(0, 3)],
    ['no key at all', undefined],
  ])('refuses %s and names the argument', (_what, key) => {
    const parse = (): unknown => parseApplicationServerKey(key as string)
    expect(parse).toThrow(TypeError)
    expect(parse).toThrow(
      expect.objectContaining({
        code: 'invalid-application-server-key',
        message: expect.stringContaining('applicationServerKey'),
      }),
    )
  })
})

describe('isP256Point', () => {
  test('knows a point on the curve from one beside it', async () => {
    expect(await isP256Point(octets)).toBe(true)
    expect(await isP256Point(octets.with(64, (octets[64] ?? 0) ^ 1))).toBe(false)
    expect(await isP256Point(decodeBase64url('BA') as Uint8Array<ArrayBuffer>)).toBe(false)
  })
})
