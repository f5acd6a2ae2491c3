import { once } from 'node:events'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import { startPushService } from '../../../src/testing/push-service/index.ts'
import type { PushService } from '../../../src/testing/push-service/index.ts'
import { connectBrowser, openSocket } from './autopush-client.ts'
import { postPush } from './push-sender.ts'

let service: PushService
let path: string

beforeEach(async () => {
  service = await startPushService({ timeoutMs: 150 })
  const browser = await connectBrowser(service)
  path = new URL(await browser.subscribe('channel')).pathname
})

afterEach(async () => {
  await service.close()
})

const target = () => ({ host: '127.0.0.1', port: Number(new URL(service.url).port) })

/** Resolves when the service has hung up, with what it had said. */
async function closed(socket: Socket): Promise<string> {
  const chunks: Buffer[] = []
  socket.on('error', () => socket.destroy())
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  await new Promise((resolve) => socket.on('close', resolve))
  return Buffer.concat(chunks).toString()
}

/** Says one octet at a time, for ever, so that the connection is never idle. */
function trickle(socket: Socket, text: string): void {
  const timer = setInterval(() => socket.write(text), 10)
  socket.on('close', () => clearInterval(timer))
  onTestFinished(() => clearInterval(timer))
}

test.each([
  ['headers', () => `POST ${path} HTTP/1.1\r\nHost: a\r\nX: `],
  ['a body', () => `POST ${path} HTTP/1.1\r\nHost: a\r\nTTL: 1\r\nContent-Length: 4000\r\n\r\n`],
  [
    'the body of a refused request',
    () => 'POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 4000\r\n\r\n',
  ],
])('a sender that trickles %s is hung up on', async (_, head) => {
  const socket = connect(target())
  const gone = closed(socket)
  socket.write(head())
  trickle(socket, 'a')
  await gone
  expect(service.messages).toEqual([])
})

test('a second request on a connection is as limited as the first', async () => {
  const socket = connect(target())
  const gone = closed(socket)
  const answered = once(socket, 'data')
  const good = `POST ${path} HTTP/1.1\r\nHost: a\r\nTTL: 1\r\nContent-Length: 0\r\n\r\n`
  socket.write(good)
  await answered
  socket.write(`POST ${path} HTTP/1.1\r\nHost: a\r\nX: `)
  trickle(socket, 'a')
  expect(await gone).toMatch(/^HTTP\/1\.1 201 /)
})

test('a peer that says nothing is hung up on', async () => {
  await closed(connect(target()))
})

test('a TLS handshake that does not come to an end is cut off', async () => {
  const socket = connect(target())
  socket.write(Uint8Array.of(0x16, 3, 1, 0xff))
  await closed(socket)
})

test('a peer that says nothing inside TLS is hung up on', async () => {
  const socket = connectTls({ ...target(), ca: service.certificate, servername: 'localhost' })
  await once(socket, 'secureConnect')
  await closed(socket)
})

test('a browser that never says hello is closed with 1008', async () => {
  const socket = await openSocket(service)
  const [code] = (await once(socket, 'close')) as [number]
  expect(code).toBe(1008)
})

test('an answer that a test holds back for longer is not cut off', async () => {
  service.delay(400)
  expect((await postPush(`${service.url}${path}`)).status).toBe(201)
})

test('a browser that has said hello stays connected', async () => {
  const browser = await connectBrowser(service)
  await closed(connect(target()))
  await browser.settle()
  expect(service.subscriptions[0]?.connected).toBe(true)
})

test.each([0, -1, Number.NaN, 2 ** 31])('timeoutMs %d is refused', async (timeoutMs) => {
  await expect(startPushService({ timeoutMs })).rejects.toThrow(/timeoutMs/)
})
