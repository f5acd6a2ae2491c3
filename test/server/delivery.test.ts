import { beforeEach, describe, expect, test } from 'vitest'
import { assembleSender } from '../../src/server/assemble-sender.ts'
import { createMessageEncryption } from '../../src/server/encrypt-message.ts'
import {
  generateVapidKeys,
  type PushRequest,
  type PushResponse,
  type PushSender,
} from '../../src/server/index.ts'
import { createFakeBrowser } from './fake-browser.ts'

const vapid = { subject: 'mailto:ops@example.com', ...(await generateVapidKeys()) }
const hour = 3_600_000

let now: number
let waits: number[]
let requests: PushRequest[]
let answers: PushResponse[]
let sender: PushSender

function answer(httpStatus: number, headers: Readonly<Record<string, string>> = {}): PushResponse {
  return { httpStatus, header: (name) => headers[name] ?? null, body: '' }
}

function subscription(host = 'push.example.net') {
  return createFakeBrowser(`https://${host}/p/1`).subscription
}

beforeEach(() => {
  now = 1_800_000_000_000
  waits = []
  requests = []
  answers = []
  sender = assembleSender(
    { vapid, now: () => now },
    {
      encrypt: createMessageEncryption(),
      transport: async (request) => {
        requests.push(request)
        return answers.shift() ?? answer(201)
      },
      wait: async (milliseconds) => {
        waits.push(milliseconds)
        now += milliseconds
      },
      random: () => 0.5,
    },
  )
})

describe('a message that is tried again', () => {
  test('has the same body, the same id, and the time that it still has to live', async () => {
    answers = [answer(503, { 'Retry-After': '10' }), answer(429)]
    const outcome = await sender.send(
      subscription(),
      { id: 'mine' },
      { attempts: 3, ttl: 60, topic: 'news' },
    )
    expect(outcome).toMatchObject({ status: 'accepted', id: 'mine' })
    expect(waits).toEqual([10_500, 1000])
    expect(requests.map(({ headers }) => headers['TTL'])).toEqual(['60', '49', '48'])
    expect(requests.map(({ headers }) => headers['Topic'])).toEqual(Array(3).fill('news'))
    expect(new Set(requests.map(({ body }) => Buffer.from(body ?? []).toString('hex'))).size).toBe(
      1,
    )
  })

  test('obeys a Retry-After that is a date', async () => {
    answers = [answer(503, { 'Retry-After': new Date(now + 20_000).toUTCString() })]
    await sender.send(subscription(), null, { attempts: 2 })
    expect(waits).toEqual([20_500])
  })

  test('is not, past its time to live', async () => {
    answers = [answer(503, { 'Retry-After': '30' })]
    const outcome = await sender.send(subscription(), null, { attempts: 5, ttl: 30 })
    expect(outcome).toMatchObject({ status: 'retry', retryAfterMs: 30_000 })
    expect([waits, requests.length]).toEqual([[], 1])
  })

  test('is not, when it was for now or never', async () => {
    answers = [answer(500)]
    await sender.send(subscription(), null, { attempts: 5, ttl: 0 })
    expect(requests).toHaveLength(1)
  })

  test.each([0, 1.5, Number.NaN])('is not tried %s times', async (attempts) => {
    await expect(sender.send(subscription(), null, { attempts })).rejects.toMatchObject({
      name: 'RangeError',
      message: expect.stringMatching(/^attempts /),
    })
  })
})

describe('a push service that fails and fails', () => {
  test('is left alone for a while, and others are not', async () => {
    answers = Array.from({ length: 20 }, () => answer(500))
    for (let time = 0; time < 20; time++) await sender.send(subscription(), null)
    expect(await sender.send(subscription(), null)).toEqual({
      status: 'retry',
      reason: 'resting',
      retryAfterMs: 30_000,
    })
    expect(requests).toHaveLength(20)
    expect(await sender.send(subscription('other.example.net'), null)).toMatchObject({
      status: 'accepted',
    })
    now += 30_000
    for (let time = 0; time < 2; time++) {
      expect(await sender.send(subscription(), null)).toMatchObject({ status: 'accepted' })
    }
  })
})

describe('a message to a push service that is left alone', () => {
  beforeEach(async () => {
    answers = Array.from({ length: 20 }, () => answer(500))
    for (let time = 0; time < 20; time++) await sender.send(subscription(), null)
    requests.length = 0
  })

  test('waits for it when it may be tried again, and that is no try', async () => {
    answers = [answer(500), answer(500)]
    expect(await sender.send(subscription(), null, { attempts: 2 })).toMatchObject({
      status: 'retry',
      reason: 'service-failed',
    })
    expect(requests).toHaveLength(2)
    expect(waits).toEqual([30_500, 500, 60_000])
  })

  test('does not wait past its time to live, nor for more than two minutes', async () => {
    const impatient = await sender.send(subscription(), null, { attempts: 4, ttl: 20 })
    expect(impatient).toMatchObject({ reason: 'resting', retryAfterMs: 30_000 })
    for (let time = 0; time < 3; time++) {
      now += 120_000
      answers = [answer(500)]
      await sender.send(subscription(), null)
    }
    expect(await sender.send(subscription(), null, { attempts: 4 })).toMatchObject({
      reason: 'resting',
      retryAfterMs: 240_000,
    })
    expect(requests).toHaveLength(3)
    expect(waits).toEqual([])
  })
})

describe('a message for now or never', () => {
  test.each([
    ['web.push.apple.com', { TTL: '1' }],
    ['wns2-par02p.notify.windows.com', { TTL: '0', 'X-WNS-Cache-Policy': 'no-cache' }],
    ['fcm.googleapis.com', { TTL: '0' }],
  ])('is written as %s takes it', async (host, headers) => {
    await sender.send(subscription(host), null, { ttl: 0 })
    expect(requests[0]?.headers).toMatchObject(headers)
  })
})

test('a body that was cut is told of with the outcome', async () => {
  const notification = { title: 'Long', body: 'Grüße '.repeat(1000) }
  expect(await sender.send(subscription(), { notification })).toMatchObject({ isCut: true })
  expect(
    await sender.send(subscription(), { notification: { title: 'Short' } }),
  ).not.toHaveProperty('isCut')
})

test('messages are padded to the sizes of the sender', async () => {
  const padded = assembleSender(
    { vapid, padding: [512, 2048] },
    {
      encrypt: createMessageEncryption(),
      transport: async (request) => {
        requests.push(request)
        return answer(201)
      },
    },
  )
  for (const length of [1, 511, 600, 3000]) {
    await padded.send(subscription(), { payload: 'x'.repeat(length) })
  }
  expect(requests.map(({ body }) => (body?.length ?? 0) - 103)).toEqual([512, 512, 2048, 3000])
})

test('no more requests than allowed are under way to one origin', async () => {
  let most = 0
  let underWay = 0
  const narrow = assembleSender(
    { vapid, concurrencyPerOrigin: 2 },
    {
      encrypt: createMessageEncryption(),
      transport: async () => {
        most = Math.max(most, (underWay += 1))
        await new Promise((resolve) => setImmediate(resolve))
        underWay -= 1
        return answer(201)
      },
    },
  )
  const to = subscription()
  await Promise.all(Array.from({ length: 10 }, () => narrow.send(to, null)))
  expect(most).toBe(2)
})

test('a token is signed again once its last hour begins', async () => {
  const to = subscription()
  await sender.send(to, null)
  now += 11 * hour - 1000
  await sender.send(to, null)
  now += 1000
  await sender.send(to, null)
  const [first, second, third] = requests.map(({ headers }) => headers['Authorization'])
  expect(second).toBe(first)
  expect(third).not.toBe(first)
})

test('a message that waits for others to the same origin is ended by its signal', async () => {
  const answered: Array<() => void> = []
  const sent: string[] = []
  const narrow = assembleSender(
    { vapid, concurrencyPerOrigin: 1 },
    {
      encrypt: createMessageEncryption(),
      transport: ({ headers }) => {
        sent.push(headers['TTL'] ?? '')
        return new Promise((resolve) => answered.push(() => resolve(answer(201))))
      },
    },
  )
  const to = subscription()
  const first = narrow.send(to, null, { ttl: 1 })
  await expect.poll(() => sent).toEqual(['1'])
  const controller = new AbortController()
  const second = narrow.send(to, null, { ttl: 2, signal: controller.signal })
  const third = narrow.send(to, null, { ttl: 3 })
  controller.abort(new Error('enough'))
  await expect(second).rejects.toThrow('enough')
  for (const sending of [first, third]) {
    await expect.poll(() => answered.length).toBe(1)
    answered.shift()?.()
    expect(await sending).toMatchObject({ status: 'accepted' })
  }
  expect(sent).toEqual(['1', '3'])
})
