import { once } from 'node:events'
import { connect } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startPushService } from '../../../../src/testing/push-service/index.ts'
import type { PushService } from '../../../../src/testing/push-service/index.ts'

let service: PushService

beforeEach(async () => {
  service = await startPushService()
})

afterEach(() => service.close())

test.each([
  ['POST', '/checkin', 413],
  ['PUT', '/checkin', 405],
  ['POST', '/c2dm/register3', 413],
  ['PUT', '/c2dm/register3', 405],
])(
  '%s %s with 100 MB is answered %d at once, not read, and its connection closed',
  async (method, path, status) => {
    const socket = connect({ host: '127.0.0.1', port: Number(new URL(service.url).port) })
    socket.on('error', () => socket.destroy())
    const answered = once(socket, 'data')
    const closed = new Promise((resolve) => socket.on('close', resolve))
    socket.write(`${method} ${path} HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\n`)
    const chunk = new Uint8Array(1_000_000)
    socket.write(chunk)
    const [answer] = (await answered) as [Buffer]
    expect(answer.toString()).toContain(`HTTP/1.1 ${status} `)
    expect(answer.toString().toLowerCase()).toContain('connection: close')
    let chunks = 1
    const drained = () => new Promise((resolve) => socket.once('drain', resolve))
    for (; chunks < 100 && !socket.destroyed; chunks++) {
      if (!socket.write(chunk)) await Promise.race([drained(), closed])
    }
    await closed
    expect(chunks).toBeLessThan(50)
    expect((await fetch(`${service.url}/checkin`, { method: 'POST' })).status).toBe(200)
  },
)
