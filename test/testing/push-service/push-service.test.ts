import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import { startPushService } from '../../../src/testing/push-service/index.ts'
import type { PushService } from '../../../src/testing/push-service/index.ts'
import { connectBrowser, openSocket } from './autopush-client.ts'
import type { AutopushClient } from './autopush-client.ts'
import { postPush } from './push-sender.ts'

let time: number
let service: PushService
let browser: AutopushClient
let endpoint: string

beforeEach(async () => {
  time = 1_700_000_000_000
  service = await startPushService({ now: () => time })
  browser = await connectBrowser(service)
  endpoint = await browser.subscribe('channel')
})

afterEach(async () => {
  await service.close()
})

const statuses = () => service.messages.map(({ status }) => status)

/** Leaves, and waits until the service has noticed. */
async function leave() {
  await browser.terminate()
  await expect.poll(() => service.subscriptions.at(-1)?.connected).toBe(false)
}

test('a waiting message expires when its TTL is over, not before', async () => {
  await leave()
  await postPush(endpoint, { ttl: '60' })
  time += 59_999
  expect(statuses()).toEqual(['queued'])
  time += 1
  expect(statuses()).toEqual(['expired'])
  const again = await connectBrowser(service, browser.uaid)
  await again.settle()
  expect(again.unread).toEqual([])
})

test('a TTL of 0 reaches a browser that is connected', async () => {
  await postPush(endpoint, { ttl: '0' })
  const notification = await browser.next('notification')
  expect(statuses()).toEqual(['sent'])
  browser.ack(notification)
  await service.waitFor(({ status }) => status === 'acknowledged')
})

test('a TTL of 0 is accepted and dropped when the browser is away', async () => {
  await leave()
  expect((await postPush(endpoint, { ttl: '0' })).status).toBe(201)
  expect(statuses()).toEqual(['expired'])
})

test('a message under way with a TTL of 0 is not sent a second time', async () => {
  await postPush(endpoint, { ttl: '0' })
  await browser.next('notification')
  await leave()
  expect(statuses()).toEqual(['expired'])
})

test('fail answers the next request alone, and the one after is served', async () => {
  service.fail({ status: 429, retryAfter: 5 })
  const failed = await postPush(endpoint)
  expect(failed).toMatchObject({ status: 429, errno: 999 })
  expect(failed.headers.get('retry-after')).toBe('5')
  expect((await postPush(endpoint)).status).toBe(201)
  expect(service.messages).toHaveLength(1)
})

test('fail answers as many requests as it is told, one call after the other', async () => {
  const date = 'Wed, 21 Oct 2026 07:28:00 GMT'
  service.fail({ status: 503, count: 2 })
  service.fail({ status: 500, retryAfter: date })
  const answers = []
  for (let count = 0; count < 4; count++) answers.push(await postPush(endpoint))
  expect(answers.map(({ status }) => status)).toEqual([503, 503, 500, 201])
  expect(answers[0]?.headers.get('retry-after')).toBe(null)
  expect(answers[2]?.headers.get('retry-after')).toBe(date)
})

test.each([
  { status: 200 },
  { status: 600 },
  { status: 429.5 },
  { status: 429, count: 0 },
  { status: 429, count: 1.5 },
  { status: 429, retryAfter: -1 },
  { status: 429, retryAfter: Number.NaN },
  { status: 429, retryAfter: 'a\r\nb' },
])('fail refuses %j', async (fault) => {
  expect(() => service.fail(fault)).toThrow(RangeError)
  expect((await postPush(endpoint)).status).toBe(201)
})

test('an expired endpoint answers 410 while the browser is left as it is', async () => {
  const other = await browser.subscribe('other')
  service.expire(endpoint)
  expect(await postPush(endpoint)).toMatchObject({ status: 410, errno: 106 })
  expect((await postPush(other)).status).toBe(201)
  expect(service.subscriptions.map(({ live }) => live)).toEqual([false, true])
  await browser.settle()
})

test('expire refuses an endpoint that the service never gave', () => {
  expect(() => service.expire('https://push.example/a')).toThrow(RangeError)
})

test('rotate drops the browsers, who come back as others, and their old endpoints answer 410', async () => {
  service.rotate()
  expect(await browser.closed).toBe(1000)
  const again = await connectBrowser(service, browser.uaid)
  expect(again.uaid).not.toBe(browser.uaid)
  const answer = await postPush(endpoint)
  expect(answer).toMatchObject({ status: 410, errno: 103 })
  expect(answer.headers.get('cache-control')).toBe('max-age=86400')
  expect((await postPush(await again.subscribe('channel'))).status).toBe(201)
})

test('rotate also forgets a browser that is away, with what waited for it', async () => {
  await leave()
  await postPush(endpoint)
  service.rotate()
  expect(statuses()).toEqual(['cancelled'])
  expect((await connectBrowser(service, browser.uaid)).uaid).not.toBe(browser.uaid)
})

test('disconnect drops the browsers, who come back as themselves and get what they lacked', async () => {
  await postPush(endpoint, {}, 'body')
  const lost = await browser.next('notification')
  service.disconnect()
  expect(service.subscriptions[0]?.connected).toBe(false)
  expect(statuses()).toEqual(['queued'])
  expect(await browser.closed).toBe(1000)
  const again = await connectBrowser(service, browser.uaid)
  expect(again.uaid).toBe(browser.uaid)
  expect(await again.next('notification')).toEqual(lost)
})

test('waitFor resolves at once with a message that already matches', async () => {
  await postPush(endpoint, { topic: 'a' })
  await postPush(endpoint, { topic: 'b' })
  expect((await service.waitFor(({ topic }) => topic === 'b')).topic).toBe('b')
})

test('waitFor resolves with the change that matches', async () => {
  const waiting = service.waitFor(({ code }) => code === 101)
  await postPush(endpoint)
  browser.ack(await browser.next('notification'), 101)
  expect(await waiting).toMatchObject({ status: 'failed', code: 101 })
})

test('waitFor gives up after its time and says what it saw, without endpoints', async () => {
  await postPush(endpoint)
  browser.ack(await browser.next('notification'), 101)
  await service.waitFor(({ code }) => code === 101)
  const waiting = service.waitFor(() => false, { timeoutMs: 20 })
  const error = await waiting.catch((reason: unknown) => reason)
  expect(error).toMatchObject({ name: 'PushwellError', code: 'timeout' })
  expect(String(error)).toContain('1 failed (code 101)')
  expect(String(error)).not.toContain(endpoint)
})

test('waitFor passes on what its predicate throws', async () => {
  const waiting = service.waitFor(() => {
    throw new Error('my own')
  })
  const outcome = expect(waiting).rejects.toThrow('my own')
  expect((await postPush(endpoint)).status).toBe(201)
  await outcome
})

test('waitFor rejects when the service closes, and after it was closed', async () => {
  const waiting = service.waitFor(() => false)
  const outcome = expect(waiting).rejects.toMatchObject({ code: 'service-failed' })
  await service.close()
  await outcome
  await expect(service.waitFor(() => true)).rejects.toMatchObject({ code: 'service-failed' })
})

test('close ends every connection, frees the port and may be called twice', async () => {
  const idle = connect({ host: '127.0.0.1', port: Number(new URL(service.url).port) })
  await once(idle, 'connect')
  const socket = await openSocket(service)
  const gone = [once(idle, 'close'), once(socket, 'close'), browser.closed]
  browser.sendRaw('malformed, so that the drop timer runs')
  await Promise.all([service.close(), service.close()])
  await Promise.all(gone)
  await using successor = await startPushService({ port: Number(new URL(service.url).port) })
  expect(successor.url).toBe(service.url)
})

test('a process that closed its service ends by itself', async () => {
  const source = new URL('../../../src/testing/push-service/index.ts', import.meta.url)
  const script = `
    import { startPushService } from ${JSON.stringify(source.href)}
    const service = await startPushService()
    const socket = new WebSocket(service.webSocketUrl)
    await new Promise((resolve) => socket.addEventListener('open', resolve))
    socket.send('malformed, so that the drop timer runs')
    await fetch(service.url).then((response) => response.text())
    const waiting = service.waitFor(() => false, { timeoutMs: 60_000 }).catch(() => 'rejected')
    await service.close()
    console.log(await waiting)
  `
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script])
  onTestFinished(() => void child.kill())
  const output: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk))
  const [code] = (await once(child, 'close')) as [number]
  expect([code, Buffer.concat(output).toString()]).toEqual([0, 'rejected\n'])
})

test('a port that is taken or out of range is refused', async () => {
  const port = Number(new URL(service.url).port)
  await expect(startPushService({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
  await expect(startPushService({ port: 65_536 })).rejects.toThrow(RangeError)
  await expect(startPushService({ port: 1.5 })).rejects.toThrow(RangeError)
})

test('the preferences point Firefox at the service', () => {
  expect(service.firefoxPreferences()).toMatchObject({
    'dom.push.serverURL': service.webSocketUrl,
    'dom.push.testing.allowInsecureServerURL': true,
    'dom.push.connection.enabled': true,
  })
})
