import { afterEach, beforeEach, expect, test } from 'vitest'
import { startPushService } from '../../../src/testing/push-service/index.ts'
import type { PushService } from '../../../src/testing/push-service/index.ts'
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
