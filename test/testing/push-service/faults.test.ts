import { afterEach, beforeEach, expect, test } from 'vitest'
import { startPushService } from '../../../src/testing/push-service/index.ts'
import type { FaultReach, PushService } from '../../../src/testing/push-service/index.ts'
import { connectBrowser } from './autopush-client.ts'
import type { AutopushClient } from './autopush-client.ts'
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
