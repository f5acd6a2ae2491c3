import { once } from 'node:events'
import { connect } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startPushService } from '../../../src/testing/push-service/index.ts'
import type { PushService } from '../../../src/testing/push-service/index.ts'
import { channelA, channelB, connectBrowser, openSocket } from './autopush-client.ts'
import { postPush } from './push-sender.ts'
import { authorize, createVapidKeys } from './vapid-authorization.ts'

let service: PushService

beforeEach(async () => {
  service = await startPushService()
})

afterEach(async () => {
  await service.close()
})

test('a browser that is new gets an identity and keeps it when it comes back', async () => {
  const first = await connectBrowser(service)
  expect(first.protocol).toBe('push-notification')
  expect(first.uaid).toMatch(/^[\da-f]{32}$/)
  await first.terminate()
  expect((await connectBrowser(service, first.uaid)).uaid).toBe(first.uaid)
})

test('a browser with an identity that the service does not know gets another', async () => {
  const browser = await connectBrowser(service, 'f'.repeat(32))
  expect(browser.uaid).not.toBe('f'.repeat(32))
})

test('a subscription with a key in padded base64url gets a v2 endpoint that takes its sender', async () => {
  const keys = await createVapidKeys()
  const browser = await connectBrowser(service)
  const endpoint = await browser.subscribe(channelA, `${keys.publicKey}=`)
  expect(endpoint.startsWith(`${service.url}/wpush/v2/`)).toBe(true)
  const answer = await postPush(
    endpoint,
    { authorization: await authorize(endpoint, keys) },
    'body',
  )
  expect(answer.status).toBe(201)
  expect(service.subscriptions).toEqual([
    { endpoint, applicationServerKey: keys.publicKey, live: true, connected: true },
  ])
})

test('a subscription without a key gets a v1 endpoint that needs no Authorization', async () => {
  const browser = await connectBrowser(service)
  const endpoint = await browser.subscribe(channelA)
  expect(endpoint.startsWith(`${service.url}/wpush/v1/`)).toBe(true)
  expect((await postPush(endpoint, {}, 'body')).status).toBe(201)
})

test('registering a channel again with the same key gives the same endpoint', async () => {
  const browser = await connectBrowser(service)
  const endpoint = await browser.subscribe(channelA)
  expect(await browser.subscribe(channelA)).toBe(endpoint)
  expect(service.subscriptions).toHaveLength(1)
})

test('registering a channel again with another key ends the earlier endpoint', async () => {
  const browser = await connectBrowser(service)
  const endpoint = await browser.subscribe(channelA)
  await postPush(endpoint)
  const other = await browser.subscribe(channelA, (await createVapidKeys()).publicKey)
  expect(service.messages[0]?.status).toBe('cancelled')
  expect(other).not.toBe(endpoint)
  expect((await postPush(endpoint)).status).toBe(410)
})

test('a key that is no P-256 point is refused and the connection goes on', async () => {
  const browser = await connectBrowser(service)
  expect(await browser.register(channelA, 'AAAA')).toMatchObject({
    status: 400,
    channelID: channelA,
  })
  expect(await browser.register(channelA, 'not base64url!')).toMatchObject({ status: 400 })
  expect(await browser.register(channelA)).toMatchObject({ status: 200 })
})

test('a second connection of one browser takes the place of the first', async () => {
  const first = await connectBrowser(service)
  const endpoint = await first.subscribe(channelA)
  const second = await connectBrowser(service, first.uaid)
  expect(await first.closed).toBe(1000)
  await postPush(endpoint, {}, 'body')
  await second.next('notification')
  expect(service.subscriptions[0]?.connected).toBe(true)
})

test('an unsubscribed endpoint answers 410 and what waited for it is cancelled', async () => {
  const browser = await connectBrowser(service)
  const endpoint = await browser.subscribe(channelA)
  const kept = await browser.subscribe(channelB)
  await postPush(endpoint, {}, 'body')
  browser.send({ messageType: 'unregister', channelID: channelA, code: 200 })
  const answer = { messageType: 'unregister', channelID: channelA, status: 200 }
  expect(await browser.next('unregister')).toEqual(answer)
  const refused = await postPush(endpoint, {}, 'body')
  expect(refused).toMatchObject({ status: 410, errno: 106 })
  expect(refused.headers.get('cache-control')).toBe('max-age=86400')
  expect(service.messages[0]?.status).toBe('cancelled')
  expect((await postPush(kept, {}, 'body')).status).toBe(201)
  browser.send({ messageType: 'unregister', channelID: channelA, code: 200 })
  expect(await browser.next('unregister')).toEqual(answer)
})

test('pings are answered and broadcast subscriptions and unknown types are let pass', async () => {
  const browser = await connectBrowser(service)
  browser.send({ messageType: 'broadcast_subscribe', broadcasts: { a: 'b' } })
  browser.send({ messageType: 'something_new', toString: 'text' })
  await browser.settle()
  expect(await browser.register(channelA)).toMatchObject({ status: 200 })
})

const malformedFrames = [
  'not JSON',
  '',
  'null',
  '7',
  '[]',
  '"hello"',
  '{"messageType":7}',
  '{"messageType":{"toString":"x"}}',
  '{"a":1}',
  '{"messageType":"hello"}',
  '{"messageType":"register"}',
  '{"messageType":"register","channelID":{}}',
  '{"messageType":"register","channelID":"a b"}',
  `{"messageType":"register","channelID":"${channelA}","key":7}`,
  '{"messageType":"unregister","channelID":[]}',
  '{"messageType":"ack"}',
  '{"messageType":"ack","updates":{}}',
  '{"messageType":"ack","updates":[null]}',
  '{"messageType":"ack","updates":[{"version":7,"code":100}]}',
  '{"messageType":"ack","updates":[{"version":"a","code":"100"}]}',
  '{"messageType":"ack","updates":[{"version":"a","code":999}]}',
  '{"messageType":"nack","version":"a","code":100}',
  '{"messageType":"nack","code":301}',
  '['.repeat(60_000),
]

test.each(malformedFrames)(
  'a malformed frame closes its connection and no other: %.60s',
  async (frame) => {
    const bystander = await connectBrowser(service)
    const browser = await connectBrowser(service)
    browser.sendRaw(frame)
    expect(await browser.closed).toBe(1008)
    await bystander.settle()
    await connectBrowser(service, browser.uaid)
  },
)

test('a binary frame closes the connection with 1003', async () => {
  const browser = await connectBrowser(service)
  browser.sendRaw(new Uint8Array([123, 125]))
  expect(await browser.closed).toBe(1003)
})

test('a frame beyond 64 KiB closes the connection with 1009', async () => {
  const browser = await connectBrowser(service)
  browser.sendRaw(`"${'a'.repeat(65_536)}"`)
  expect(await browser.closed).toBe(1009)
  await connectBrowser(service)
})

test('a browser that does not begin with hello is closed', async () => {
  const socket = await openSocket(service)
  const closed = new Promise((resolve) => socket.on('close', resolve))
  socket.send(JSON.stringify({ messageType: 'register', channelID: channelA }))
  expect(await closed).toBe(1008)
})

test('a browser that never answers the Close frame is dropped all the same', async () => {
  const socket = connect({ host: '127.0.0.1', port: Number(new URL(service.url).port) })
  socket.write(
    `GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${'A'.repeat(22)}==\r\n\r\n`,
  )
  // A masked text frame with no content: malformed, so the service closes.
  socket.write(new Uint8Array([0x81, 0x80, 0, 0, 0, 0]))
  const chunks: Buffer[] = []
  socket.on('data', (chunk) => chunks.push(chunk))
  await once(socket, 'end')
  const closeFrame = Buffer.from([0x88, 0x11, 1008 >> 8, 1008 & 255])
  expect(Buffer.concat(chunks).includes(closeFrame)).toBe(true)
})
