import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import type { RegisteredSubscription } from '../subscription-registry.ts'
import type { ServiceMessage } from '../service-message.ts'
import { readChannel } from './channel.ts'
import { mcsTag } from './mcs-frame.ts'
import type { McsFrame } from './mcs-frame.ts'
import { numberField, readProtobufFields, textFields } from './protobuf-fields.ts'
import type { ProtobufFields } from './protobuf-fields.ts'

/** What a browser says when it connects (`LoginRequest`). */
export interface McsLogin {
  /** The id that its checkin gave it, in decimal. */
  readonly device: string
  /** The messages that it has, and that the service may not know of. */
  readonly received: readonly string[]
}

/** Where a frame stands in its direction's order. Each side counts the other's frames. */
export interface StreamPosition {
  /** The frame's own number; the login is 1. */
  readonly streamId: number
  /** How many frames of the other side have been read. */
  readonly lastReceived: number
}

/** The number of the field `last_stream_id_received`, by tag. */
const lastReceivedField: ReadonlyMap<number, number> = new Map([
  [mcsTag.heartbeatPing, 2],
  [mcsTag.heartbeatAck, 2],
  [mcsTag.iqStanza, 10],
  [mcsTag.dataMessageStanza, 11],
])

/**
 * Reads a login.
 *
 * @returns `null` when the octets are no protobuf message or name no device.
 */
export function readMcsLogin(message: Uint8Array): McsLogin | null {
  const fields = readProtobufFields(message)
  const device = fields && textFields(fields, 3).at(-1)
  if (!device || !/^\d{1,20}$/.test(device)) return null
  return { device, received: textFields(fields, 10) }
}

/**
 * Reads what a frame that may follow the login says about receipt.
 *
 * @returns How many frames of the service the browser has read; 0 when it does not say. `null` for
 * a frame that a browser does not send, or that is no protobuf message.
 */
export function readMcsReceipt({ tag, message }: McsFrame): number | null {
  const field = lastReceivedField.get(tag)
  const fields: ProtobufFields | null = field === undefined ? null : readProtobufFields(message)
  if (field === undefined || fields === null) return null
  return Number(numberField(fields, field) ?? 0n)
}

/**
 * Gives the answer to a login: it always succeeds.
 *
 * @param now - Milliseconds since the epoch.
 */
export function loginResponse(now: number): McsFrame {
  const message = new BinaryWriter()
  writeText(message, 1, 'pushwell')
  writeNumber(message, 5, 1)
  writeNumber(message, 6, 1)
  writeNumber(message, 8, now)
  return { tag: mcsTag.loginResponse, message: message.finish() }
}

/** Gives the answer to a ping. */
export function heartbeatAck({ streamId, lastReceived }: StreamPosition): McsFrame {
  const message = new BinaryWriter()
  writeNumber(message, 1, streamId)
  writeNumber(message, 2, lastReceived)
  return { tag: mcsTag.heartbeatAck, message: message.finish() }
}

/** Gives a push message as Chromium takes it (`DataMessageStanza`). */
export function dataMessage(
  { channel, applicationServerKey }: RegisteredSubscription,
  { id, body, contentEncoding, headers, topic, ttl, receivedAt }: ServiceMessage,
  { streamId, lastReceived }: StreamPosition,
): McsFrame {
  const { app, subtype } = readChannel(channel)
  const data: [key: string, value: string][] = [['subtype', subtype]]
  // An empty push must not name an encoding: it would be dropped as undecryptable.
  if (contentEncoding !== undefined) data.push(['content-encoding', contentEncoding])
  if (contentEncoding === 'aesgcm') {
    data.push(['encryption', headers['encryption'] ?? ''])
    data.push(['crypto-key', headers['crypto-key'] ?? ''])
  }
  const message = new BinaryWriter()
  writeText(message, 2, id)
  writeText(message, 3, applicationServerKey ?? '')
  writeText(message, 5, app)
  if (topic !== undefined) writeText(message, 6, topic)
  for (const [key, value] of data) {
    message.tag(7, WireType.LengthDelimited).fork()
    writeText(message, 1, key)
    writeText(message, 2, value)
    message.join()
  }
  writeText(message, 9, id)
  writeNumber(message, 10, streamId)
  writeNumber(message, 11, lastReceived)
  writeNumber(message, 17, ttl)
  writeNumber(message, 18, receivedAt)
  if (body.length > 0) message.tag(21, WireType.LengthDelimited).bytes(body)
  // Receipts are lazy, unless one is asked for.
  message.tag(24, WireType.Varint).bool(true)
  return { tag: mcsTag.dataMessageStanza, message: message.finish() }
}

function writeText(message: BinaryWriter, field: number, value: string): void {
  message.tag(field, WireType.LengthDelimited).string(value)
}

function writeNumber(message: BinaryWriter, field: number, value: number): void {
  message.tag(field, WireType.Varint).int64(Math.trunc(value))
}
