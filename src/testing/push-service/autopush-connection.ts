import type { RawData, WebSocket } from 'ws'
import { encodeBase64url } from '../../shared/base64url.ts'
import { parseApplicationServerKey } from '../../shared/application-server-key.ts'
import { parseAutopushFrame } from './autopush-frame.ts'
import type { AutopushFrame } from './autopush-frame.ts'
import type { BrowserTransport } from './browser-transport.ts'
import type { Delivery } from './delivery.ts'
import type { ServiceMessage } from './service-message.ts'
import type { RegisteredSubscription, SubscriptionRegistry } from './subscription-registry.ts'

/** Firefox never answers a Close frame: it must be read before TCP goes, then nothing is to gain. */
const dropAfterMs = 30

const normalClosure = 1000
const unsupportedData = 1003
const policyViolation = 1008
const tryAgainLater = 1013

/** What an autopush connection talks to. */
export interface AutopushOptions {
  readonly registry: SubscriptionRegistry
  readonly delivery: Delivery
  /** `host:port` as it stands in endpoints. */
  readonly host: string
  /** How long a browser may take to say hello. */
  readonly timeoutMs: number
  readonly newDevice: () => string
}

/**
 * Serves one browser over Mozilla's autopush protocol: hello, register, unregister, ack, nack and
 * ping. A frame that makes no sense closes this connection and no other.
 */
export function serveAutopush(
  socket: WebSocket,
  { registry, delivery, host, timeoutMs, newDevice }: AutopushOptions,
): void {
  let device: string | null = null
  let isOver = false
  let dropTimer: NodeJS.Timeout | undefined

  function send(frame: Readonly<Record<string, unknown>>): void {
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(frame))
  }

  function end(code: number, reason: string): void {
    if (isOver) return
    isOver = true
    socket.close(code, reason)
    dropTimer = setTimeout(() => socket.terminate(), dropAfterMs)
  }

  const helloTimer = setTimeout(() => end(policyViolation, 'no hello'), timeoutMs)

  const transport: BrowserTransport = {
    deliver: ({ channel }, message) => send(notificationFrame(channel, message)),
    drop: () => end(normalClosure, 'dropped'),
  }

  function hello(uaid: string | null): void {
    clearTimeout(helloTimer)
    const isKnown = uaid !== null && registry.hasDevice(uaid)
    device = isKnown ? uaid : newDevice()
    if (!registry.addDevice(device)) return end(tryAgainLater, 'too many browsers')
    send({ messageType: 'hello', uaid: device, status: 200, use_webpush: true, broadcasts: {} })
    delivery.connect(device, transport)
  }

  function take(frame: AutopushFrame): void {
    if (frame.type === 'ping') return send({})
    if (frame.type === 'ignored') return
    if (frame.type === 'hello') {
      return device === null ? hello(frame.uaid) : end(policyViolation, 'a second hello')
    }
    if (device === null) return end(policyViolation, 'hello comes first')
    if (frame.type === 'register') {
      // Without a subscription it may have been forgotten to make room for others.
      registry.addDevice(device)
      return send(register(delivery, host, device, frame))
    }
    if (frame.type === 'unregister') return send(unregister(registry, delivery, device, frame))
    for (const { version, code } of frame.type === 'ack' ? frame.updates : [frame]) {
      delivery.settle(device, version, code)
    }
  }

  socket.on('message', (data: RawData, isBinary: boolean) => {
    if (isOver) return
    if (isBinary) return end(unsupportedData, 'text frames only')
    const frame = Buffer.isBuffer(data) ? parseAutopushFrame(data.toString()) : null
    return frame ? take(frame) : end(policyViolation, 'malformed frame')
  })
  // Broken framing or an oversized frame: ws closes the connection itself, 'close' follows.
  socket.on('error', () => socket.terminate())
  socket.on('close', () => {
    isOver = true
    clearTimeout(helloTimer)
    clearTimeout(dropTimer)
    if (device !== null) delivery.disconnect(device, transport)
  })
}

function register(
  delivery: Delivery,
  host: string,
  device: string,
  { channelID, key }: Extract<AutopushFrame, { type: 'register' }>,
): Readonly<Record<string, unknown>> {
  const applicationServerKey = key === null ? null : normalizeKey(key)
  if (applicationServerKey === undefined) return { messageType: 'register', channelID, status: 400 }
  // Version 2 endpoints are the restricted ones, as at Mozilla's service.
  const version = applicationServerKey === null ? 'v1' : 'v2'
  const endpointOf = (token: string) => `http://${host}/wpush/${version}/${token}`
  const registration = { device, channel: channelID, applicationServerKey, endpointOf }
  const subscription = delivery.subscribe(registration)
  return subscription
    ? { messageType: 'register', channelID, status: 200, pushEndpoint: subscription.endpoint }
    : { messageType: 'register', channelID, status: 500 }
}

function normalizeKey(key: string): string | undefined {
  try {
    return encodeBase64url(parseApplicationServerKey(key.replace(/=+$/, '')))
  } catch {
    return undefined
  }
}

function unregister(
  registry: SubscriptionRegistry,
  delivery: Delivery,
  device: string,
  { channelID }: Extract<AutopushFrame, { type: 'unregister' }>,
): Readonly<Record<string, unknown>> {
  const isIt = ({ channel }: RegisteredSubscription) => channel === channelID
  const subscription = registry.ofDevice(device).find(isIt)
  if (subscription) delivery.end(subscription.token, 'unsubscribed')
  return { messageType: 'unregister', channelID, status: 200 }
}

function notificationFrame(
  channelID: string,
  { id, body, contentEncoding, headers }: ServiceMessage,
): Readonly<Record<string, unknown>> {
  const frame = { messageType: 'notification', channelID, version: id }
  if (contentEncoding === undefined) return frame
  const legacy = { encryption: headers['encryption'], crypto_key: headers['crypto-key'] }
  const encoding = { encoding: contentEncoding, ...(contentEncoding === 'aesgcm' && legacy) }
  return { ...frame, data: encodeBase64url(body), headers: encoding }
}
