import { afterEach, beforeEach, expect, test } from 'vitest'
import { startPushService } from '../../../src/testing/push-service/index.ts'
import type { FaultReach, PushService } from '../../../src/testing/push-service/index.ts'
import { connectBrowser } from './autopush-client.ts'
import type { AutopushClient, Frame } from './autopush-client.ts'
import { postPush } from './push-sender.ts'

let chances: number[]
let service: PushService
let browser: AutopushClient
let endpoint: string

beforeEach(async () => {
  chances = []
  service = await startPushService({ random: () => chances.shift() ?? 0.999 })
  browser = await connectBrowser(service)
  endpoint = await browser.subscribe('channel')
})

afterEach(async () => {
  await service.close()
})

const textOf = ({ data }: Frame) => Buffer.from(String(data), 'base64url').toString()

async function received(count: number, from = browser): Promise<Frame[]> {
  const frames: Frame[] = []
  while (frames.length < count) frames.push(await from.next('notification'))
  await from.settle()
  expect(from.unread).toEqual([])
  return frames
}

test('a share of the requests fails, by the random numbers that were given', async () => {
  service.fail({ status: 503, share: 0.3 })
  chances = [0.2, 0.3, 0.9, 0.29, 0]
  const statuses: number[] = []
  for (let count = 0; count < 5; count++) statuses.push((await postPush(endpoint)).status)
  expect(statuses).toEqual([503, 201, 201, 503, 503])
})

test('a share with a count is over when it has struck so often', async () => {
  service.fail({ status: 503, share: 0.5, count: 1 })
  chances = [0.6, 0.1, 0.1]
  const statuses: number[] = []
  for (let count = 0; count < 3; count++) statuses.push((await postPush(endpoint)).status)
  expect(statuses).toEqual([201, 503, 201])
})

test('a request that one share spares meets the next fault in line', async () => {
  service.fail({ status: 503, share: 0.5 })
  service.fail({ status: 500 })
  chances = [0.9, 0.1]
  expect((await postPush(endpoint)).status).toBe(500)
  expect((await postPush(endpoint)).status).toBe(503)
})

test('a dropped connection gives no answer and makes no message', async () => {
  service.fail({ drop: true })
  await expect(postPush(endpoint)).rejects.toThrow('fetch failed')
  expect((await postPush(endpoint)).status).toBe(201)
  expect(service.messages).toHaveLength(1)
  expect(service.answers).toMatchObject([
    { endpoint, status: null, isFault: true },
    { endpoint, status: 201, isFault: false, messageId: service.messages[0]?.id },
  ])
})

test('the answers tell why each request was refused', async () => {
  service.fail({ status: 429 })
  await postPush(endpoint)
  await postPush(endpoint, { ttl: 'x' })
  await postPush(`${service.url}/wpush/v1/none`)
  expect(service.answers).toMatchObject([
    { endpoint, status: 429, isFault: true, reason: 'The test asked for this answer.' },
    { endpoint, status: 400, isFault: false, reason: expect.stringContaining('TTL') as string },
    { endpoint: null, status: 404, isFault: false },
  ])
})

test('a delayed answer comes after the message was delivered', async () => {
  service.delay(40)
  let isAnswered = false
  const sending = postPush(endpoint).then((answer) => {
    isAnswered = true
    return answer
  })
  await browser.next('notification')
  expect(isAnswered).toBe(false)
  expect((await sending).status).toBe(201)
  expect(service.answers[0]).toMatchObject({ status: 201, delayMs: 40 })
})

test('a sender that gives up on a delayed answer has sent all the same', async () => {
  service.delay(60_000)
  const giveUp = new AbortController()
  const sending = fetch(endpoint, { method: 'POST', headers: { ttl: '60' }, signal: giveUp.signal })
  await browser.next('notification')
  giveUp.abort()
  await expect(sending).rejects.toThrow()
  await expect.poll(() => service.answers).toMatchObject([{ status: null, isFault: false }])
})

test('a doubled message arrives under two versions and is one message', async () => {
  service.duplicate()
  await postPush(endpoint, {}, 'twice')
  const [one, other] = await received(2)
  expect([one, other].map((frame) => frame && textOf(frame))).toEqual(['twice', 'twice'])
  expect(other?.['version']).not.toBe(one?.['version'])
  expect(service.messages).toMatchObject([{ status: 'sent', deliveries: 2 }])
  browser.ack(other as Frame)
  await service.waitFor(({ status }) => status === 'acknowledged')
  browser.ack(one as Frame)
  await browser.settle()
  expect(service.messages).toMatchObject([{ status: 'acknowledged', deliveries: 2 }])
  const again = await connectBrowser(service, browser.uaid)
  await received(0, again)
})

test('as many messages are doubled as were asked for', async () => {
  service.duplicate({ count: 2 })
  for (const body of ['a', 'b', 'c']) await postPush(endpoint, {}, body)
  expect((await received(5)).map(textOf)).toEqual(['a', 'a', 'b', 'b', 'c'])
})

test('a doubled message that nobody acknowledged comes once more when the browser is back', async () => {
  service.duplicate()
  await postPush(endpoint, {}, 'twice')
  const [one] = await received(2)
  const again = await connectBrowser(service, browser.uaid)
  expect(await received(1, again)).toEqual([one])
  again.ack(one as Frame, 102)
  const message = await service.waitFor(({ code }) => code === 102)
  expect(message).toMatchObject({ status: 'acknowledged', deliveries: 3 })
})

test('a message that was acknowledged is delivered once more, under another version', async () => {
  await postPush(endpoint, {}, 'again')
  const [first] = await received(1)
  browser.ack(first as Frame)
  const message = await service.waitFor(({ status }) => status === 'acknowledged')
  expect(service.redeliver(message)).toBe(true)
  const [second] = await received(1)
  expect(textOf(second as Frame)).toBe('again')
  expect(second?.['version']).not.toBe(first?.['version'])
  browser.ack(second as Frame)
  await browser.settle()
  expect(service.messages).toMatchObject([{ status: 'acknowledged', deliveries: 2 }])
})

test('a message that never was delivered, or whose subscription ended, is not delivered again', async () => {
  service.hold()
  await postPush(endpoint, {}, 'held')
  const [held] = service.messages
  expect(service.redeliver(held ?? { id: '' })).toBe(false)
  service.release()
  await received(1)
  service.expire(endpoint)
  expect(service.redeliver(held ?? { id: '' })).toBe(false)
  expect(service.redeliver({ id: 'unknown' })).toBe(false)
})

test('a corrupted body differs from what was sent, which the record keeps', async () => {
  service.corrupt()
  await postPush(endpoint)
  await postPush(endpoint, {}, 'body')
  await postPush(endpoint, {}, 'body')
  const [, corrupted, good] = await received(3)
  expect(textOf(corrupted as Frame)).toHaveLength(4)
  expect(textOf(corrupted as Frame)).not.toBe('body')
  expect(textOf(good as Frame)).toBe('body')
  expect(service.messages.map(({ isCorrupted = false }) => isCorrupted)).toEqual([
    false,
    true,
    false,
  ])
  expect(Buffer.from(service.messages[1]?.body ?? []).toString()).toBe('body')
  browser.ack(corrupted as Frame, 101)
  await service.waitFor(({ status, code }) => status === 'failed' && code === 101)
})

test('a corrupted message that is delivered again is whole', async () => {
  service.corrupt()
  await postPush(endpoint, {}, 'body')
  await received(1)
  const again = await connectBrowser(service, browser.uaid)
  expect((await received(1, again)).map(textOf)).toEqual(['body'])
  expect(service.messages[0]).not.toHaveProperty('isCorrupted')
})

test('a swallowed message is accepted and never delivered, and touches no other', async () => {
  await browser.terminate()
  await postPush(endpoint, { topic: 'a' }, 'kept')
  service.swallow()
  expect((await postPush(endpoint, { topic: 'a' }, 'gone')).status).toBe(201)
  expect(service.messages.map(({ status }) => status)).toEqual(['queued', 'swallowed'])
  const again = await connectBrowser(service, browser.uaid)
  expect((await received(1, again)).map(textOf)).toEqual(['kept'])
})

test.each([
  ['received', ['a1', 'b1', 'a2', 'b2']],
  ['reversed', ['b2', 'a2', 'b1', 'a1']],
  ['shuffled', ['b1', 'b2', 'a1', 'a2']],
] as const)('what is held goes out %s, over all subscriptions', async (order, expected) => {
  const other = await browser.subscribe('other')
  service.hold()
  await postPush(endpoint, {}, 'a1')
  await postPush(other, {}, 'b1')
  await postPush(endpoint, {}, 'a2')
  await postPush(other, {}, 'b2')
  await received(0)
  expect(service.messages.every(({ status }) => status === 'queued')).toBe(true)
  chances = [0.3, 0.1, 0.4, 0.2]
  service.release({ order })
  expect((await received(4)).map(textOf)).toEqual(expected)
  await postPush(endpoint, {}, 'after')
  expect((await received(1)).map(textOf)).toEqual(['after'])
})

test('what is held stays held for a browser that comes back', async () => {
  service.hold()
  await postPush(endpoint, {}, 'held')
  const again = await connectBrowser(service, browser.uaid)
  await received(0, again)
  service.release()
  expect((await received(1, again)).map(textOf)).toEqual(['held'])
})

test('clearFaults takes back every fault and releases what is held', async () => {
  service.fail({ status: 500, count: 5 })
  service.delay(60_000)
  service.swallow({ count: 5 })
  service.duplicate({ share: 1 })
  service.corrupt({ share: 1 })
  service.hold()
  service.clearFaults()
  await postPush(endpoint, {}, 'as ever')
  expect((await received(1)).map(textOf)).toEqual(['as ever'])
})

test.each<FaultReach>([
  { count: 0 },
  { count: 1.5 },
  { count: Number.NaN },
  { share: 0 },
  { share: 1.1 },
  { share: Number.NaN },
])('every fault refuses %j', (reach) => {
  for (const verb of ['swallow', 'duplicate', 'corrupt'] as const) {
    expect(() => service[verb](reach)).toThrow(RangeError)
  }
  expect(() => service.delay(1, reach)).toThrow(RangeError)
  expect(() => service.fail({ drop: true, ...reach })).toThrow(RangeError)
})

test('what a fault cannot use is refused by its name', () => {
  expect(() => service.delay(-1)).toThrow(/delayMs/)
  expect(() => service.delay(Number.NaN)).toThrow(/delayMs/)
  expect(() => service.release({ order: 'sorted' as 'received' })).toThrow(/order/)
  expect(() => service.fail({ count: 1 } as unknown as { status: number })).toThrow(TypeError)
  const both = { status: 500, drop: true } as unknown as { status: number }
  expect(() => service.fail(both)).toThrow(/either/)
})
