import { expect, onTestFinished, test } from 'vitest'
import { createPushSender } from '../../../src/server/index.ts'
import { startPushService } from '../../../src/testing/push-service/index.ts'
import type { PushService, ServiceMannerName } from '../../../src/testing/push-service/index.ts'
import { connectBrowser } from './autopush-client.ts'
import type { AutopushClient } from './autopush-client.ts'
import { createBody } from './encrypted-push.ts'
import { postPush, request } from './push-sender.ts'
import type { SenderAnswer } from './push-sender.ts'
import { authorize, createVapidKeys } from './vapid-authorization.ts'
import type { VapidKeys } from './vapid-authorization.ts'

/** A service of one manner with one restricted subscription. */
interface Stage {
  readonly service: PushService
  readonly browser: AutopushClient
  readonly keys: VapidKeys
  readonly endpoint: string
  /** Sends a good push with something changed. */
  readonly send: (
    headers?: Record<string, string>,
    body?: Uint8Array<ArrayBuffer>,
    claims?: Record<string, unknown>,
  ) => Promise<SenderAnswer>
}

async function setUp(manner: ServiceMannerName): Promise<Stage> {
  const service = await startPushService({ manner })
  onTestFinished(() => service.close())
  const keys = await createVapidKeys()
  const browser = await connectBrowser(service)
  const endpoint = await browser.subscribe('channel', `${keys.publicKey}=`)
  return {
    service,
    browser,
    keys,
    endpoint,
    async send(headers = {}, body = createBody(), claims = {}) {
      const authorization = await authorize(endpoint, keys, { claims })
      return postPush(endpoint, { authorization, ...headers }, body)
    },
  }
}

const month = String(30 * 86_400)

test('a name that is no manner is refused', async () => {
  const manner = 'toString' as ServiceMannerName
  await expect(startPushService({ manner })).rejects.toThrow(RangeError)
})

test.each<ServiceMannerName>(['mozilla', 'fcm', 'apple', 'wns'])(
  '%s: a sender that asks for a receipt is answered as without, and the record stands for it',
  async (manner) => {
    const { browser, send, service } = await setUp(manner)
    const answer = await send({ prefer: 'respond-async' })
    expect(answer.status).toBe(201)
    expect(answer.headers.get('link')).toBe(null)
    browser.ack(await browser.next('notification'))
    await service.waitFor(({ status }) => status === 'acknowledged')
    expect(service.messages).toMatchObject([{ status: 'acknowledged', code: 100 }])
  },
)

test('FCM: an accepted push answers 201 with Location and nothing else', async () => {
  const { send, service } = await setUp('fcm')
  const answer = await send()
  expect(answer).toMatchObject({ status: 201, text: '' })
  expect(answer.headers.get('location')).toContain(`${service.url}/m/`)
  expect(answer.headers.get('ttl')).toBe(null)
})

test('FCM: refusals are plain text', async () => {
  const { send, endpoint, keys, service } = await setUp('fcm')
  const expired = await send({}, createBody(), { exp: 1 })
  expect(expired).toMatchObject({ status: 403, text: 'invalid JWT provided\n' })
  expect(expired.headers.get('content-type')).toBe('text/plain; charset=utf-8')
  const stranger = await authorize(endpoint, await createVapidKeys())
  const mismatch = await postPush(endpoint, { authorization: stranger }, createBody())
  expect(mismatch.status).toBe(403)
  expect(mismatch.text).toContain('do not correspond to the credentials')
  expect((await postPush(endpoint)).status).toBe(401)
  expect((await send({ ttl: 'x' })).status).toBe(400)
  expect((await send({}, new Uint8Array(4097))).status).toBe(413)
  service.expire(endpoint)
  const gone = await postPush(endpoint, { authorization: await authorize(endpoint, keys) })
  const text = 'push subscription has unsubscribed or expired.\n'
  expect(gone).toMatchObject({ status: 410, text })
})

test('FCM: 28 days are the longest TTL', async () => {
  const { send } = await setUp('fcm')
  expect((await send({ ttl: String(28 * 86_400) })).status).toBe(201)
  expect((await send({ ttl: String(28 * 86_400 + 1) })).status).toBe(400)
})

test('Apple: an accepted push answers 201 with an apns-id', async () => {
  const { send, service } = await setUp('apple')
  const answer = await send({ ttl: String(60 * 86_400) })
  expect(answer).toMatchObject({ status: 201, text: '' })
  expect(answer.headers.get('apns-id')).toBe(service.messages[0]?.id.toUpperCase())
  expect(service.messages[0]?.ttl).toBe(Number(month))
})

test.each<[string, Record<string, string>, number, string]>([
  ['a TTL of 0', { ttl: '0' }, 400, 'BadTtl'],
  ['a TTL that is no number', { ttl: 'x' }, 400, 'BadTtl'],
  ['an unknown Urgency', { urgency: 'urgent' }, 400, 'BadUrgency'],
  ['a bad Topic', { topic: 'a b' }, 400, 'BadWebPushTopic'],
  ['no encryption', { 'content-encoding': 'gzip' }, 400, 'BadWebPushRequest'],
  ['an unknown scheme', { authorization: 'Basic YTpi' }, 403, 'BadAuthorizationHeader'],
])('Apple: %s is refused by its reason', async (_, headers, status, reason) => {
  const { send } = await setUp('apple')
  const answer = await send(headers)
  expect([answer.status, JSON.parse(answer.text)]).toEqual([status, { reason }])
})

test.each([
  ['no sub', undefined],
  ['white space', 'mailto: a@example.com'],
  ['angle brackets', 'mailto:<a@example.com>'],
  ['an address at localhost', 'mailto:a@localhost'],
  ['a URL at localhost', 'https://localhost:3000'],
  ['no URL', 'a@example.com'],
])('Apple: a sub with %s is a BadJwtToken', async (_, sub) => {
  const { send } = await setUp('apple')
  const answer = await send({}, createBody(), { sub })
  expect([answer.status, JSON.parse(answer.text)]).toEqual([403, { reason: 'BadJwtToken' }])
})

test.each(['mailto:a@example.com', 'https://example.com/push', 'https://localhost.example'])(
  'Apple: the sub %s is good',
  async (sub) => {
    const { send } = await setUp('apple')
    expect((await send({}, createBody(), { sub })).status).toBe(201)
  },
)

test('Apple: what else is wrong has its reason too', async () => {
  const { send, endpoint, service } = await setUp('apple')
  const authorization = await authorize(endpoint, await createVapidKeys())
  const refusals = [
    await postPush(endpoint, { authorization }, createBody()),
    await postPush(endpoint),
    await request('GET', endpoint),
    await request('POST', `${service.url}/wpush/v1/none`),
    await send({}, new Uint8Array(4097)),
  ]
  expect(refusals.map(({ status, text }) => [status, JSON.parse(text).reason])).toEqual([
    [400, 'VapidPkHashMismatch'],
    [403, 'BadJwtToken'],
    [405, 'MethodNotAllowed'],
    [404, 'BadPath'],
    [413, 'PayloadTooLarge'],
  ])
})

test('WNS: what it has to say stands in headers', async () => {
  const { send, browser, service } = await setUp('wns')
  const accepted = await send()
  expect(accepted).toMatchObject({ status: 201, text: '' })
  expect(accepted.headers.get('x-wns-status')).toBe('received')
  expect(accepted.headers.get('x-wns-deviceconnectionstatus')).toBe('connected')
  const refused = await send({ ttl: '0' })
  expect(refused).toMatchObject({ status: 400, text: '' })
  expect(refused.headers.get('x-wns-error-description')).toContain('X-WNS-Cache-Policy')
  expect(refused.headers.get('x-wns-notificationstatus')).toBe('dropped')
  expect((await send({ ttl: '0', 'x-wns-cache-policy': 'no-cache' })).status).toBe(201)
  await browser.terminate()
  await expect.poll(() => service.subscriptions[0]?.connected).toBe(false)
  const queued = await send()
  expect(queued.headers.get('x-wns-deviceconnectionstatus')).toBe('disconnected')
})

test('WNS: a wrong key is 401, and a full queue 406', async () => {
  const { send, endpoint, browser, service } = await setUp('wns')
  const authorization = await authorize(endpoint, await createVapidKeys())
  expect((await postPush(endpoint, { authorization }, createBody())).status).toBe(401)
  await browser.terminate()
  await expect.poll(() => service.subscriptions[0]?.connected).toBe(false)
  for (let sent = 0; sent < 1000; sent += 50) {
    await Promise.all(Array.from({ length: 50 }, () => send()))
  }
  const throttled = await send()
  expect(throttled.status).toBe(406)
  expect(throttled.headers.get('retry-after')).toBe('120')
  expect(throttled.headers.get('x-wns-notificationstatus')).toBe('channelthrottled')
}, 20_000)

test.each<[ServiceMannerName, string]>([
  ['mozilla', '"errno":999'],
  ['fcm', 'Too Many Requests'],
  ['apple', '{"reason":"TooManyRequests"}'],
  ['wns', ''],
])('%s: a fault that was asked for has its shape', async (manner, text) => {
  const { send, service } = await setUp(manner)
  service.fail({ status: 429, retryAfter: 7 })
  const answer = await send()
  expect(answer.status).toBe(429)
  expect(answer.headers.get('retry-after')).toBe('7')
  expect(answer.text).toContain(text)
})

test.each<[ServiceMannerName, string]>([
  ['mozilla', 'unauthorized'],
  ['fcm', 'unauthorized'],
  ['apple', 'unauthorized'],
  ['wns', 'unauthorized'],
])('%s: Pushwell’s sender understands a refused key', async (manner, reason) => {
  const { endpoint } = await setUp(manner)
  const { privateKey, publicKey } = await createExportedKeys()
  const sender = createPushSender({
    vapid: { subject: 'mailto:ops@example.com', publicKey, privateKey },
    endpoints: () => true,
  })
  const keys = { p256dh: publicKey, auth: 'A'.repeat(22) }
  const outcome = await sender.send({ endpoint, keys }, { type: 'text', data: {} })
  expect(outcome).toMatchObject({ status: 'rejected', reason })
})

async function createExportedKeys() {
  const { privateKey, publicKey } = await createVapidKeys()
  const { d = '' } = await crypto.subtle.exportKey('jwk', privateKey)
  return { publicKey, privateKey: d }
}
