import { BinaryReader, WireType } from '@bufbuild/protobuf/wire'

/** The values of a protobuf message by field number: numbers as they are, the rest as its octets. */
export type ProtobufFields = ReadonlyMap<number, readonly (bigint | Uint8Array)[]>

/**
 * Reads the fields of one protobuf message without its schema; nested messages stay octets.
 *
 * @returns `null` when the octets are no protobuf message.
 */
export function readProtobufFields(message: Uint8Array): ProtobufFields | null {
  const fields = new Map<number, (bigint | Uint8Array)[]>()
  const reader = new BinaryReader(message)
  try {
    while (reader.pos < reader.len) {
      const [number, type] = reader.tag()
      const value = readValue(reader, number, type)
      const values = fields.get(number)
      if (values) values.push(value)
      else fields.set(number, [value])
    }
    return fields
  } catch {
    return null
  }
}

function readValue(reader: BinaryReader, field: number, type: WireType): bigint | Uint8Array {
  if (type === WireType.Varint) return BigInt(reader.uint64())
  if (type === WireType.Bit64) return BigInt(reader.fixed64())
  if (type === WireType.Bit32) return BigInt(reader.fixed32())
  return type === WireType.LengthDelimited ? reader.bytes() : reader.skip(type, field)
}

/** Gives the last number of a field, as protobuf has it for repeated ones; `null` without any. */
export function numberField(fields: ProtobufFields, field: number): bigint | null {
  const value = fields.get(field)?.at(-1)
  return typeof value === 'bigint' ? value : null
}

/** Gives every text of a field; octets that are no UTF-8 become replacement characters. */
export function textFields(fields: ProtobufFields, field: number): string[] {
  const decoder = new TextDecoder()
  const texts: string[] = []
  for (const value of fields.get(field) ?? []) {
    if (typeof value !== 'bigint') texts.push(decoder.decode(value))
  }
  return texts
}
