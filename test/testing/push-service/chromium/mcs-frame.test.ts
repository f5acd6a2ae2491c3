import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  createMcsFrameReader,
  mcsVersion,
  writeMcsFrame,
} from '../../../../src/testing/push-service/chromium/mcs-frame.ts'
import type { McsFrame } from '../../../../src/testing/push-service/chromium/mcs-frame.ts'

const frames = fc.array(
  fc.record({ tag: fc.nat({ max: 255 }), message: fc.uint8Array({ maxLength: 300 }) }),
  { maxLength: 6 },
)

function stream(all: readonly McsFrame[]): Buffer {
  return Buffer.concat([Uint8Array.of(mcsVersion), ...all.map(writeMcsFrame)])
}

/** A frame that compares by its octets, whatever they are a part of. */
const plain = ({ tag, message }: McsFrame) => ({
  tag,
  message: Buffer.from(message).toString('hex'),
})

/** Feeds the octets in pieces that end at the cuts. */
function readInPieces(octets: Uint8Array, cuts: readonly number[]): McsFrame[] | null {
  const reader = createMcsFrameReader()
  const read: McsFrame[] = []
  const ends = [...cuts.map((cut) => cut % (octets.length + 1)), octets.length].sort(
    (a, b) => a - b,
  )
  let start = 0
  for (const end of ends) {
    const complete = reader.read(octets.subarray(start, end))
    if (!complete) return null
    read.push(...complete)
    start = end
  }
  return read
}

describe('the octets of an MCS connection', () => {
  test('give the frames that they were made of, wherever they are cut', () => {
    fc.assert(
      fc.property(frames, fc.array(fc.nat()), (sent, cuts) => {
        const read = readInPieces(stream(sent), cuts)
        expect(read?.map(plain)).toEqual(sent.map(plain))
      }),
    )
  })

  test('give each frame as soon as its last octet is there, and not before', () => {
    const reader = createMcsFrameReader()
    const octets = stream([{ tag: 8, message: new Uint8Array(200) }])
    for (const octet of octets.subarray(0, -1))
      expect(reader.read(Uint8Array.of(octet))).toEqual([])
    expect(reader.read(octets.subarray(-1))).toHaveLength(1)
  })

  test('give frames or a refusal and never throw, whatever they are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.array(fc.nat()), (noise, cuts) => {
        const octets = Buffer.concat([Uint8Array.of(mcsVersion), noise])
        const read = readInPieces(octets, cuts)
        const length = read?.reduce((sum, { message }) => sum + 2 + message.length, 1) ?? 0
        expect(length).toBeLessThanOrEqual(octets.length)
      }),
    )
  })

  test.each([
    ['another version', [38]],
    ['a request of another protocol', [...Buffer.from('GET / HTTP/1.1\r\n')]],
    ['a length without an end', [41, 8, 0x80, 0x80, 0x80, 0x80, 0x80]],
    ['a length of more than a mebibyte', [41, 8, 0x81, 0x80, 0x40]],
    ['a length of 2³² octets', [41, 8, 0x80, 0x80, 0x80, 0x80, 0x10]],
    ['a length of 2³⁵ − 1 octets', [41, 8, 0xff, 0xff, 0xff, 0xff, 0x7f]],
  ])('are refused: %s', (_, octets) => {
    expect(createMcsFrameReader().read(Uint8Array.from(octets))).toBeNull()
  })

  test('may hold a frame of one mebibyte', () => {
    const message = new Uint8Array(1024 * 1024)
    expect(createMcsFrameReader().read(stream([{ tag: 2, message }]))).toHaveLength(1)
  })
})
