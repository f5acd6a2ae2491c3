import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeBase64url, encodeBase64url } from '../../src/shared/base64url.ts'

describe('base64url', () => {
  test('gives back every byte string, and spells it as Node does', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const text = encodeBase64url(bytes)
        expect(text).toBe(Buffer.from(bytes).toString('base64url'))
        expect(decodeBase64url(text)).toEqual(new Uint8Array(bytes))
      }),
    )
  })

  test('reads a text only when it is the one spelling of some bytes', () => {
    const nearly = fc.string({ unit: fc.constantFrom(...Array.from('AQgw_-+/= \nZ9é')) })
    fc.assert(
      fc.property(fc.oneof(fc.string(), nearly), (text) => {
        const bytes = decodeBase64url(text)
        if (bytes) expect(encodeBase64url(bytes)).toBe(text)
        else expect(Buffer.from(text, 'base64url').toString('base64url')).not.toBe(text)
      }),
    )
  })

  test.each([
    ['padding', 'AQ=='],
    ['the other alphabet', '+/+/'],
    ['white space', 'AQ ID'],
    ['a line break at the end', 'AQID\n'],
    ['a length that no bytes have', 'AQIDA'],
    ['bits left over', 'AR'],
    ['letters beyond ASCII', 'ÄQID'],
  ])('refuses %s', (_what, text) => {
    expect(decodeBase64url(text)).toBeNull()
  })

  test('gives bytes in a buffer of exactly their length', () => {
    expect(decodeBase64url('AQID')?.buffer.byteLength).toBe(3)
  })
})
