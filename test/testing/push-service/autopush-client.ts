import { once } from 'node:events'
import { WebSocket } from 'ws'
import type { PushService } from '../../../src/testing/push-service/index.ts'

/** Two channels, named as Firefox names its own. */
export const channelA = 'aa7c5e3a-6a9c-4b6f-8c0f-0a8a3c7a1b11'
export const channelB = 'bb7c5e3a-6a9c-4b6f-8c0f-0a8a3c7a1b22'

/** One frame of the service. */
export type Frame = Readonly<Record<string, unknown>>

/** A browser as the service sees one: it says what Firefox says, and only when told to. */
export interface AutopushClient {
  readonly uaid: string
  readonly protocol: string
  /** Every frame that arrived and was not taken by `next`. */
  readonly unread: readonly Frame[]
  /** Resolves with the next frame of a type. */
  next(messageType: string): Promise<Frame>
  send(frame: unknown): void
  sendRaw(data: string | Uint8Array): void
  register(channelID: string, key?: string): Promise<Frame>
  /** Registers and gives the endpoint. */
  subscribe(channelID: string, key?: string): Promise<string>
  ack(notification: Frame, code?: number): void
  /** Sends a ping and waits for the answer: everything sent before has then been handled. */
  settle(): Promise<void>
  /** Resolves with the close code. */
  readonly closed: Promise<number>
  terminate(): Promise<void>
}

/** Opens a connection without a word. */
export async function openSocket(service: PushService): Promise<WebSocket> {
  const socket = new WebSocket(service.webSocketUrl, 'push-notification')
  await once(socket, 'open')
  return socket
}

/** Connects and says hello. */
export async function connectBrowser(service: PushService, uaid?: string): Promise<AutopushClient> {
  const socket = new WebSocket(service.webSocketUrl, 'push-notification')
  const closed = new Promise<number>((resolve) => socket.on('close', (code) => resolve(code)))
  const inbox = createInbox(socket)
  await once(socket, 'open')
  const sendRaw = (data: string | Uint8Array) => socket.send(data)
  const send = (frame: unknown) => sendRaw(JSON.stringify(frame))
  send({ messageType: 'hello', broadcasts: {}, use_webpush: true, ...(uaid && { uaid }) })
  const hello = await inbox.next('hello')
  const register = (channelID: string, key?: string) => {
    send({ messageType: 'register', channelID, ...(key !== undefined && { key }) })
    return inbox.next('register')
  }
  return {
    uaid: String(hello['uaid']),
    protocol: socket.protocol,
    unread: inbox.unread,
    next: inbox.next,
    send,
    sendRaw,
    register,
    async subscribe(channelID, key) {
      return String((await register(channelID, key))['pushEndpoint'])
    },
    ack({ channelID, version }, code = 100) {
      send({ messageType: 'ack', updates: [{ channelID, version, code }] })
    },
    async settle() {
      send({})
      await inbox.next('ping')
    },
    closed,
    async terminate() {
      socket.terminate()
      await closed
    },
  }
}

function createInbox(socket: WebSocket) {
  const unread: Frame[] = []
  const waiting: { type: string; resolve: (frame: Frame) => void }[] = []
  socket.on('message', (data: Buffer) => {
    const frame = JSON.parse(data.toString()) as Frame
    const type = frame['messageType'] ?? 'ping'
    const index = waiting.findIndex((waiter) => waiter.type === type)
    if (index === -1) unread.push(frame)
    else waiting.splice(index, 1)[0]?.resolve(frame)
  })
  const next = (type: string): Promise<Frame> => {
    const index = unread.findIndex(({ messageType }) => (messageType ?? 'ping') === type)
    const [frame] = index === -1 ? [] : unread.splice(index, 1)
    if (frame) return Promise.resolve(frame)
    return new Promise((resolve) => waiting.push({ type, resolve }))
  }
  return { unread, next }
}
