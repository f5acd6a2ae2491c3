import { createHmac } from 'node:crypto'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createHmacSha256 } from '../../src/server/hmac-sha256.ts'

const hmac = createHmacSha256()
const hex = (octets: Uint8Array): string => Buffer.from(octets).toString('hex')
const from = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'))

describe('https://www.rfc-editor.org/rfc/rfc4231#section-4', () => {
  test.each([
    [
      '0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b',
      '4869205468657265',
      'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
    ],
    [
      '4a656665',
      '7768617420646f2079612077616e7420666f72206e6f7468696e673f',
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    ],
    [
      'aa'.repeat(20),
      'dd'.repeat(50),
      '773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe',
    ],
    [
      '0102030405060708090a0b0c0d0e0f10111213141516171819',
      'cd'.repeat(50),
      '82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b',
    ],
  ])('the key %s', (key, data, mac) => {
    expect(hex(hmac(from(key), from(data)))).toBe(mac)
  })
})

test('agrees with OpenSSL for any key up to a block, and any data', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 64 }),
      fc.uint8Array({ maxLength: 300 }),
      (key, data) => {
        expect(hex(hmac(key, data))).toBe(createHmac('sha256', key).update(data).digest('hex'))
      },
    ),
    { numRuns: 500 },
  )
})

test('agrees with OpenSSL at every length about the edges of a block', () => {
  for (let length = 0; length < 200; length++) {
    const data = Uint8Array.from({ length }, (_, index) => index)
    const key = data.slice(0, Math.min(length, 64))
    expect(hex(hmac(key, data))).toBe(createHmac('sha256', key).update(data).digest('hex'))
  }
})
