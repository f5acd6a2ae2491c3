import { once } from 'node:events'
import { connect } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startPushService } from '../../../src/testing/push-service/index.ts'
import type { PushService } from '../../../src/testing/push-service/index.ts'
import { connectBrowser } from './autopush-client.ts'
import { postPush } from './push-sender.ts'

let service: PushService
let endpoint: string

beforeEach(async () => {
  service = await startPushService()
  endpoint = await (await connectBrowser(service)).subscribe('channel')
})

afterEach(async () => {
  await service.close()
})

const portOf = () => Number(new URL(service.url).port)

test.each([
  ['says its length', 'Content-Length: 100000000', '', ''],
  ['comes in chunks', 'Transfer-Encoding: chunked', 'f4240\r\n', '\r\n'],
])(
  'a body of 100 MB that %s is refused at once, not read, and its connection closed',
  async (_, framing, before, after) => {
    const socket = connect({ host: '127.0.0.1', port: portOf() })
    socket.on('error', () => socket.destroy())
    const answered = once(socket, 'data')
    const closed = new Promise((resolve) => socket.on('close', resolve))
    const path = new URL(endpoint).pathname
    const head = `POST ${path} HTTP/1.1\r\nHost: a\r\nTTL: 1\r\nContent-Encoding: aes128gcm\r\n`
    socket.write(`${head}${framing}\r\n\r\n`)
    const parts = [Buffer.from(before), new Uint8Array(1_000_000), Buffer.from(after)]
    const chunk = Buffer.concat(parts)
    socket.write(chunk)
    const [answer] = (await answered) as [Buffer]
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 413 /)
    expect(answer.toString().toLowerCase()).toContain('connection: close')
    let chunks = 1
    const drained = () => new Promise((resolve) => socket.once('drain', resolve))
    for (; chunks < 100 && !socket.destroyed; chunks++) {
      if (!socket.write(chunk)) await Promise.race([drained(), closed])
    }
    await closed
    expect(chunks).toBeLessThan(50)
    expect((await postPush(endpoint)).status).toBe(201)
  },
)

test('an endless body for an endpoint that is not there is cut off too', async () => {
  const socket = connect({ host: '127.0.0.1', port: portOf() })
  socket.on('error', () => socket.destroy())
  const answered = once(socket, 'data')
  const closed = new Promise((resolve) => socket.on('close', resolve))
  socket.write('POST /wpush/v1/none HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n')
  const chunk = `8000\r\n${'a'.repeat(0x8000)}\r\n`
  const trickle = () => {
    if (!socket.destroyed) socket.write(chunk, () => setImmediate(trickle))
  }
  trickle()
  const [answer] = (await answered) as [Buffer]
  expect(answer.toString()).toMatch(/^HTTP\/1\.1 404 /)
  await closed
})

const noRequests = [
  'nonsense\r\n\r\n',
  'GET\r\n\r\n',
  'POST /wpush/v1/a HTTP/9.9\r\n\r\n',
  'POST http://[ HTTP/1.1\r\nHost: a\r\n\r\n',
  `POST / HTTP/1.1\r\nHost: a\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`,
  'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n',
  'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
  'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
  'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, close\r\nUpgrade: h2c\r\n\r\n',
].map((bytes) => [bytes.slice(0, 60), bytes] as const)

test.each(noRequests)('%j answers 4xx and the service goes on', async (_, bytes) => {
  const socket = connect({ host: '127.0.0.1', port: portOf() })
  socket.on('error', () => socket.destroy())
  const chunks: Buffer[] = []
  socket.on('data', (chunk) => {
    chunks.push(chunk)
    socket.end()
  })
  socket.write(bytes)
  await once(socket, 'close')
  expect(Buffer.concat(chunks).toString()).toMatch(/^HTTP\/1\.1 4\d\d /)
  expect((await postPush(endpoint)).status).toBe(201)
})

test('a push that offers an upgrade to HTTP/2 is served as it is', async () => {
  const socket = connect({ host: '127.0.0.1', port: portOf() })
  const answered = once(socket, 'data')
  const path = new URL(endpoint).pathname
  socket.write(`POST ${path} HTTP/1.1\r\nHost: a\r\nTTL: 1\r\nContent-Length: 0\r\n`)
  socket.write('Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n\r\n')
  const [answer] = (await answered) as [Buffer]
  expect(answer.toString()).toMatch(/^HTTP\/1\.1 201 /)
  socket.destroy()
})

test('a connection that breaks off anywhere leaves the service serving', async () => {
  const head = `POST ${new URL(endpoint).pathname} HTTP/1.1\r\nHost: a\r\nTTL: 1\r\n`
  const torn = [
    '',
    '\x16',
    '\x16\x03\x01\x00\x05hello',
    'POST',
    `${head}Content-Length: 9\r\n\r\nabc`,
  ]
  for (const bytes of torn) {
    const socket = connect({ host: '127.0.0.1', port: portOf() })
    await once(socket, 'connect')
    if (bytes) await new Promise((resolve) => socket.write(bytes, 'latin1', resolve))
    socket.resetAndDestroy()
  }
  expect((await postPush(endpoint)).status).toBe(201)
  expect(service.messages).toHaveLength(1)
})
