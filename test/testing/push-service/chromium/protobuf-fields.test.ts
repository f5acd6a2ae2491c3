import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  numberField,
  readProtobufFields,
  textFields,
} from '../../../../src/testing/push-service/chromium/protobuf-fields.ts'

describe('the fields of a protobuf message', () => {
  test('are numbers of every kind, texts and octets', () => {
    const message = new BinaryWriter()
    message.tag(1, WireType.Varint).uint64(2n ** 63n)
    message.tag(2, WireType.Bit64).fixed64(2n ** 64n - 1n)
    message.tag(3, WireType.Bit32).fixed32(7)
    message.tag(4, WireType.LengthDelimited).string('grüße')
    message.tag(4, WireType.LengthDelimited).string('again')
    const fields = readProtobufFields(message.finish())
    expect(fields && [1, 2, 3].map((field) => numberField(fields, field))).toEqual([
      2n ** 63n,
      2n ** 64n - 1n,
      7n,
    ])
    expect(fields && textFields(fields, 4)).toEqual(['grüße', 'again'])
    expect(fields && numberField(fields, 4)).toBeNull()
    expect(fields && textFields(fields, 1)).toEqual([])
    expect(fields && numberField(fields, 99)).toBeNull()
  })

  test('are read from any octets without throwing, or there are none', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (octets) => {
        const fields = readProtobufFields(octets)
        if (octets.length === 0) expect(fields?.size).toBe(0)
        for (const field of fields?.keys() ?? []) expect(field).toBeGreaterThan(0)
      }),
    )
  })

  test.each([
    ['a text longer than the message', [0x0a, 0x05, 0x61]],
    ['a number without an end', [0x08, 0xff, 0xff]],
    ['a group without an end', [0x0b]],
    ['the field number 0', [0x00, 0x00]],
  ])('are not read from %s', (_, octets) => {
    expect(readProtobufFields(Uint8Array.from(octets))).toBeNull()
  })
})
