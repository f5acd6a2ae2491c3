import { randomUUID } from 'node:crypto'
import type { TLSSocket } from 'node:tls'
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import type { Deliver } from './deliver.ts'

const versionOctet = 41
const loginResponseTag = 3
const dataMessageTag = 8

/** What a subscription told when it was made. */
export interface BareRegistration {
  readonly app: string
  readonly subtype: string
  readonly sender: string
}

/** Answers Chromium's checkin: an identity for each who asks. */
export function bareCheckin(): Uint8Array {
  return new BinaryWriter()
    .tag(1, WireType.Varint)
    .bool(true)
    .tag(3, WireType.Varint)
    .int64(Date.now())
    .tag(7, WireType.Bit64)
    .fixed64(4_000_000_001)
    .tag(8, WireType.Bit64)
    .fixed64(4_000_000_002)
    .tag(9, WireType.Varint)
    .bool(false)
    .finish()
}

/**
 * Speaks MCS to Chromium: takes the first octets that come for a login, answers it, and reads
 * nothing after that.
 *
 * @returns What sends a message over this connection.
 */
export function serveBareMcs(socket: TLSSocket): (registration: BareRegistration) => Deliver {
  let streamId = 1
  socket.setNoDelay()
  socket.once('data', () => {
    const login = new BinaryWriter()
    writeText(login, 1, 'bare')
    for (const field of [5, 6]) login.tag(field, WireType.Varint).int32(1)
    login.tag(8, WireType.Varint).int64(Date.now())
    socket.write(Uint8Array.of(versionOctet))
    socket.write(writeFrame(loginResponseTag, login))
    socket.resume()
  })
  return ({ app, subtype, sender }) =>
    (body) => {
      const id = randomUUID()
      const message = new BinaryWriter()
      writeText(message, 2, id)
      writeText(message, 3, sender)
      writeText(message, 5, app)
      writeData(message, 'subtype', subtype)
      writeData(message, 'content-encoding', 'aes128gcm')
      writeText(message, 9, id)
      message.tag(10, WireType.Varint).int32(++streamId)
      message.tag(11, WireType.Varint).int32(1)
      message.tag(17, WireType.Varint).int32(60)
      message.tag(18, WireType.Varint).int64(Date.now())
      message.tag(21, WireType.LengthDelimited).bytes(body)
      socket.write(writeFrame(dataMessageTag, message))
    }
}

function writeText(message: BinaryWriter, field: number, value: string): void {
  message.tag(field, WireType.LengthDelimited).string(value)
}

function writeData(message: BinaryWriter, key: string, value: string): void {
  message.tag(7, WireType.LengthDelimited).fork()
  writeText(message, 1, key)
  writeText(message, 2, value)
  message.join()
}

function writeFrame(tag: number, message: BinaryWriter): Uint8Array {
  const octets = message.finish()
  return Buffer.concat([
    Uint8Array.of(tag),
    new BinaryWriter().uint32(octets.length).finish(),
    octets,
  ])
}
