import type { Duplex } from 'node:stream'
import type { BrowserTransport } from '../browser-transport.ts'
import type { Delivery } from '../delivery.ts'
import type { SubscriptionRegistry } from '../subscription-registry.ts'
import { createMcsFrameReader, mcsTag, mcsVersion, writeMcsFrame } from './mcs-frame.ts'
import type { McsFrame } from './mcs-frame.ts'
import {
  dataMessage,
  heartbeatAck,
  loginResponse,
  readMcsLogin,
  readMcsReceipt,
} from './mcs-message.ts'
import type { StreamPosition } from './mcs-message.ts'

/** Autopush's word for "delivered": MCS has no words, it only counts what the browser has read. */
const deliveredCode = 100

/** What an MCS connection talks to. */
export interface McsOptions {
  readonly registry: SubscriptionRegistry
  readonly delivery: Delivery
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** How long a browser may take to log in. */
  readonly timeoutMs: number
}

/**
 * Serves one Chromium over MCS, the protocol of Google's push service: login, messages, receipts
 * and heartbeats. A frame that makes no sense ends this connection and no other.
 */
export function serveMcs(socket: Duplex, { registry, delivery, now, timeoutMs }: McsOptions): void {
  const frames = createMcsFrameReader()
  const unconfirmed = new Map<number, string>()
  let device: string | null = null
  let sent = 0
  let read = 0

  const timer = setTimeout(() => socket.destroy(), timeoutMs)
  const next = (): StreamPosition => ({ streamId: ++sent, lastReceived: read })
  const send = (frame: McsFrame): boolean => socket.writable && socket.write(writeMcsFrame(frame))

  const transport: BrowserTransport = {
    deliver(subscription, message) {
      const position = next()
      unconfirmed.set(position.streamId, message.id)
      send(dataMessage(subscription, message, position))
    },
    drop: () => socket.destroy(),
  }

  function logIn(message: Uint8Array): boolean {
    const login = readMcsLogin(message)
    if (!login || !registry.addDevice(login.device)) return false
    clearTimeout(timer)
    device = login.device
    // Chromium does not drop what it has already: it must not be sent a second time.
    for (const id of login.received) delivery.settle(device, id, deliveredCode)
    sent = 1
    socket.write(Uint8Array.of(mcsVersion))
    send(loginResponse(now()))
    delivery.connect(device, transport)
    return true
  }

  function confirm(lastReceived: number): void {
    for (const [streamId, id] of unconfirmed) {
      if (streamId > lastReceived) return
      unconfirmed.delete(streamId)
      if (device !== null) delivery.settle(device, id, deliveredCode)
    }
  }

  /** `false` when the connection is to end. */
  function take(frame: McsFrame): boolean {
    read += 1
    if (device === null) return frame.tag === mcsTag.loginRequest && logIn(frame.message)
    const lastReceived = readMcsReceipt(frame)
    if (lastReceived === null) return false
    confirm(lastReceived)
    if (frame.tag === mcsTag.heartbeatPing) send(heartbeatAck(next()))
    return true
  }

  socket.on('data', (chunk: Buffer) => {
    const complete = frames.read(chunk)
    for (const frame of complete ?? []) if (!socket.destroyed && !take(frame)) socket.destroy()
    if (!complete) socket.destroy()
  })
  socket.on('end', () => socket.end())
  socket.on('error', () => socket.destroy())
  socket.on('close', () => {
    clearTimeout(timer)
    if (device !== null) delivery.disconnect(device, transport)
  })
}
