import { once } from 'node:events'
import { connect } from 'node:tls'
import type { TLSSocket } from 'node:tls'
import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import type { PushService } from '../../../../src/testing/push-service/index.ts'

/** A frame of the service: its tag, and the fields of its message by number. */
export interface Frame {
  readonly tag: number
  readonly fields: ReadonlyMap<number, readonly (string | number | Uint8Array)[]>
}

/** A connection as Chromium has one: it says what Chromium says, and only when told to. */
export interface ChromiumClient {
  /** Every frame that arrived and was not taken by `next`. */
  readonly unread: readonly Frame[]
  /** Resolves with the next frame of a tag. */
  next(tag: number): Promise<Frame>
  send(tag: number, message?: Uint8Array): void
  sendRaw(octets: Uint8Array): void
  /** Sends a ping, which says how many frames were read, and waits for the answer. */
  ping(lastReceived?: number): Promise<Frame>
  /** Resolves once the connection is gone. */
  readonly closed: Promise<unknown>
  terminate(): Promise<void>
}

/** The texts of the fields that carry other things than texts. */
const octetFields = new Set([7, 21])

/** Opens a connection without a word. */
export async function openConnection(service: PushService): Promise<TLSSocket> {
  const port = Number(new URL(service.url).port)
  const socket = connect({ host: '127.0.0.1', port, ca: service.certificate })
  await once(socket, 'secureConnect')
  return socket
}

/** Connects and logs in. */
export async function connectChromium(
  service: PushService,
  device = '4711',
  received: readonly string[] = [],
): Promise<ChromiumClient> {
  const socket = await openConnection(service)
  const closed = once(socket, 'close')
  socket.on('error', () => undefined)
  const inbox = createInbox(socket)
  const sendRaw = (octets: Uint8Array) => socket.write(octets)
  const send = (tag: number, message: Uint8Array = new Uint8Array()) => sendRaw(frame(tag, message))
  sendRaw(Uint8Array.of(41))
  send(2, login(device, received))
  await inbox.next(3)
  return {
    unread: inbox.unread,
    next: inbox.next,
    send,
    sendRaw,
    ping(lastReceived = 0) {
      const message = new BinaryWriter().tag(2, WireType.Varint).int32(lastReceived)
      send(0, message.finish())
      return inbox.next(1)
    },
    closed,
    async terminate() {
      socket.destroy()
      await closed
    },
  }
}

/** Makes a frame. */
export function frame(tag: number, message: Uint8Array): Uint8Array {
  return new BinaryWriter().raw(Uint8Array.of(tag)).bytes(message).finish()
}

/** Makes a login. */
export function login(device: string, received: readonly string[] = []): Uint8Array {
  const message = new BinaryWriter()
  message.tag(1, WireType.LengthDelimited).string('chrome-156.0.8078.79')
  message.tag(3, WireType.LengthDelimited).string(device)
  for (const id of received) message.tag(10, WireType.LengthDelimited).string(id)
  return message.finish()
}

function createInbox(socket: TLSSocket) {
  const unread: Frame[] = []
  const waiting: { tag: number; resolve: (frame: Frame) => void }[] = []
  let octets: Buffer = Buffer.alloc(0)
  let isVersionRead = false
  socket.on('data', (chunk: Buffer) => {
    octets = Buffer.concat([octets, chunk])
    if (!isVersionRead) {
      if (octets[0] !== 41) throw new Error('The service did not name its version first.')
      octets = octets.subarray(1)
      isVersionRead = true
    }
    for (let read = readFrame(octets); read; read = readFrame(octets)) {
      octets = octets.subarray(read.end)
      const { frame: received } = read
      const index = waiting.findIndex(({ tag }) => tag === received.tag)
      if (index === -1) unread.push(received)
      else waiting.splice(index, 1)[0]?.resolve(received)
    }
  })
  const next = (tag: number): Promise<Frame> => {
    const index = unread.findIndex((one) => one.tag === tag)
    const [found] = index === -1 ? [] : unread.splice(index, 1)
    return found ? Promise.resolve(found) : new Promise((resolve) => waiting.push({ tag, resolve }))
  }
  return { unread, next }
}

function readFrame(octets: Uint8Array): { frame: Frame; end: number } | null {
  if (octets.length < 2) return null
  const reader = new BinaryReader(octets)
  reader.pos = 1
  try {
    const message = reader.bytes()
    return { frame: { tag: octets[0] ?? -1, fields: readFields(message) }, end: reader.pos }
  } catch {
    return null
  }
}

function readFields(message: Uint8Array): Frame['fields'] {
  const fields = new Map<number, (string | number | Uint8Array)[]>()
  const reader = new BinaryReader(message)
  while (reader.pos < reader.len) {
    const [number, type] = reader.tag()
    const value =
      type === WireType.Varint
        ? Number(reader.int64())
        : octetFields.has(number)
          ? reader.bytes()
          : reader.string()
    fields.set(number, [...(fields.get(number) ?? []), value])
  }
  return fields
}

/** Gives the keys and values of a message's `app_data`. */
export function appData({ fields }: Frame): Record<string, unknown> {
  const pairs = (fields.get(7) ?? []).map((pair) => {
    const read = readFields(pair as Uint8Array)
    return [read.get(1)?.[0], read.get(2)?.[0]]
  })
  return Object.fromEntries(pairs) as Record<string, unknown>
}

/** Asks `register3` as Chromium does, and gives the answer's text. */
export async function register3(
  service: PushService,
  fields: Readonly<Record<string, string>>,
  authorization = 'AidLogin 4711:815',
): Promise<string> {
  const response = await fetch(`${service.url}/c2dm/register3`, {
    method: 'POST',
    headers: { ...(authorization && { authorization }) },
    body: new URLSearchParams({ app: 'org.chromium.linux', device: '4711', ...fields }),
  })
  return response.text()
}

/** What a page's subscription is called. */
export const pushSubtype = 'wp:https://app.example/#0F6D9A1C-AAAA-BBBB-CCCC-0123456789A-V2'

/** Subscribes and gives the endpoint as Chromium makes it. */
export async function subscribe(
  service: PushService,
  sender: string,
  subtype: string = pushSubtype,
): Promise<string> {
  const answer = await register3(service, { 'X-subtype': subtype, sender })
  return answer.replace('token=', 'https://jmt17.google.com/fcm/send/')
}
