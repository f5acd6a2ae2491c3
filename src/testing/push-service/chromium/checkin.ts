import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import { numberField, readProtobufFields } from './protobuf-fields.ts'

/** What a checkin is answered with. */
export interface CheckinOptions {
  /** Milliseconds since the epoch. */
  readonly now: number
  /** Gives the id or the secret of a browser that has none: any number from 1 to 2⁶³ − 1. */
  readonly newId: () => bigint
}

/**
 * Answers a checkin, the request in which Chromium gets its identity: a browser that has one keeps
 * it.
 *
 * @returns `null` when the request is no protobuf message.
 */
export function answerCheckin(
  request: Uint8Array,
  { now, newId }: CheckinOptions,
): Uint8Array<ArrayBuffer> | null {
  const fields = readProtobufFields(request)
  if (!fields) return null
  const androidId = BigInt.asUintN(64, numberField(fields, 2) ?? 0n)
  const securityToken = BigInt.asUintN(64, numberField(fields, 13) ?? 0n)
  const isKnown = androidId !== 0n && securityToken !== 0n
  return new BinaryWriter()
    .tag(1, WireType.Varint)
    .bool(true)
    .tag(3, WireType.Varint)
    .int64(Math.trunc(now))
    .tag(7, WireType.Bit64)
    .fixed64(isKnown ? androidId : newId())
    .tag(8, WireType.Bit64)
    .fixed64(isKnown ? securityToken : newId())
    .tag(9, WireType.Varint)
    .bool(false)
    .finish()
}
