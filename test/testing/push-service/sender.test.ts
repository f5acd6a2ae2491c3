import { afterEach, beforeEach, expect, test } from 'vitest'
import { startPushService } from '../../../src/testing/push-service/index.ts'
import type { PushService } from '../../../src/testing/push-service/index.ts'
import { connectBrowser } from './autopush-client.ts'
import type { AutopushClient } from './autopush-client.ts'
import { postPush, request } from './push-sender.ts'

let service: PushService
let browser: AutopushClient
let endpoint: string

beforeEach(async () => {
  service = await startPushService()
  browser = await connectBrowser(service)
  endpoint = await browser.subscribe('channel')
})

afterEach(async () => {
  await service.close()
})

test('an accepted push answers 201 with Location and TTL and no body', async () => {
  const answer = await postPush(
    endpoint,
    { ttl: '30', urgency: 'high', topic: 'a-topic_1' },
    'body',
  )
  expect(answer).toMatchObject({ status: 201, text: '' })
  expect(answer.headers.get('ttl')).toBe('30')
  const message = service.messages[0]
  expect(answer.headers.get('location')).toBe(`${service.url}/m/${message?.id}`)
  expect(message).toMatchObject({
    endpoint,
    status: 'sent',
    ttl: 30,
    topic: 'a-topic_1',
    urgency: 'high',
    contentEncoding: 'aes128gcm',
    deliveries: 1,
  })
  expect(Buffer.from(message?.body ?? []).toString()).toBe('body')
  expect(message?.headers['content-encoding']).toBe('aes128gcm')
})

test('a TTL beyond 30 days is clamped', async () => {
  const answer = await postPush(endpoint, { ttl: '99999999999999999999' })
  expect(answer.headers.get('ttl')).toBe('2592000')
  expect(service.messages[0]?.ttl).toBe(2_592_000)
})

test.each([
  ['abc', 111],
  ['1.5', 111],
  ['', 111],
  ['1e3', 111],
  ['60, 60', 111],
  ['-1', 114],
])('TTL %j is refused with errno %i', async (ttl, errno) => {
  expect(await postPush(endpoint, { ttl }, 'body')).toMatchObject({ status: 400, errno })
})

test('a missing TTL is refused with errno 111 in the shape of autopush', async () => {
  const answer = await request('POST', endpoint)
  expect(answer.status).toBe(400)
  expect(JSON.parse(answer.text)).toEqual({
    code: 400,
    errno: 111,
    error: 'Bad Request',
    message: expect.stringContaining('TTL') as string,
    more_info: expect.stringMatching(/^https:/) as string,
  })
})

test.each(['a'.repeat(33), 'a b', 'a+b', 'a=', ''])(
  'Topic %j is refused with errno 113',
  async (topic) => {
    expect(await postPush(endpoint, { topic })).toMatchObject({ status: 400, errno: 113 })
  },
)

test.each([
  { 'content-encoding': 'gzip' },
  { 'content-encoding': '' },
  { 'content-encoding': 'aesgcm' },
  { 'content-encoding': 'aesgcm', encryption: 'salt=A' },
  { 'content-encoding': 'aesgcm', 'crypto-key': 'dh=A' },
  { encryption: 'salt=A' },
  { 'crypto-key': 'p256ecdsa=B;dh=A' },
])('a body with %j is refused with errno 110', async (headers) => {
  const answer = await postPush(endpoint, headers, 'body')
  expect(answer).toMatchObject({ status: 400, errno: 110 })
})

test('a body without Content-Encoding is refused with errno 110', async () => {
  const answer = await request('POST', endpoint, { ttl: '1' }, 'body')
  expect(answer).toMatchObject({ status: 400, errno: 110 })
})

test('4096 octets are taken and 4097 are refused with 413', async () => {
  expect((await postPush(endpoint, {}, new Uint8Array(4096))).status).toBe(201)
  const refused = await postPush(endpoint, {}, new Uint8Array(4097))
  expect(refused).toMatchObject({ status: 413, errno: 104 })
})

test('a token that the service never gave answers 404', async () => {
  for (const path of [
    '/wpush/v1/nothing',
    '/wpush/v3/a',
    '/wpush/v1/',
    '/wpush/v1/%00',
    '/',
    '//',
  ]) {
    const answer = await postPush(`${service.url}${path}`)
    expect(answer).toMatchObject({ status: 404, errno: 102 })
  }
  expect((await postPush(endpoint.replace('/v1/', '/v2/'))).status).toBe(404)
  expect((await request('GET', `${service.url}/favicon.ico`)).status).toBe(404)
})

test('DELETE withdraws a message that waits, and then knows it no more', async () => {
  await browser.terminate()
  const answer = await postPush(endpoint, {}, 'body')
  const location = answer.headers.get('location') ?? ''
  expect((await request('DELETE', location)).status).toBe(204)
  expect(service.messages[0]?.status).toBe('cancelled')
  expect((await request('DELETE', location)).status).toBe(404)
  const again = await connectBrowser(service, browser.uaid)
  await again.settle()
  expect(again.unread).toEqual([])
})

test('DELETE of a message that was delivered or never was answers 404', async () => {
  const answer = await postPush(endpoint, {}, 'body')
  browser.ack(await browser.next('notification'))
  await service.waitFor(({ status }) => status === 'acknowledged')
  expect((await request('DELETE', answer.headers.get('location') ?? '')).status).toBe(404)
  expect((await request('DELETE', `${service.url}/m/nothing`)).status).toBe(404)
})

test('other methods answer 405 and name the right one', async () => {
  for (const method of ['GET', 'PUT', 'DELETE', 'PATCH']) {
    const answer = await request(method, endpoint)
    expect(answer.status).toBe(405)
    expect(answer.headers.get('allow')).toBe('POST, OPTIONS')
  }
  expect((await request('POST', `${service.url}/m/a`)).headers.get('allow')).toBe('DELETE, OPTIONS')
})

test('a page may send: the preflight names every header and answers allow any origin', async () => {
  const preflight = await request('OPTIONS', endpoint, { origin: 'http://page.example' })
  expect(preflight.status).toBe(204)
  const allowed = preflight.headers.get('access-control-allow-headers')?.split(', ')
  expect(allowed).toEqual(
    expect.arrayContaining(
      'authorization content-encoding ttl topic urgency content-type crypto-key encryption prefer'.split(
        ' ',
      ),
    ),
  )
  expect(preflight.headers.get('access-control-allow-methods')).toContain('POST')
  expect(preflight.headers.get('access-control-max-age')).toBe('3600')
  for (const answer of [await postPush(endpoint), await postPush(`${service.url}/wpush/v1/no`)]) {
    expect(answer.headers.get('access-control-allow-origin')).toBe('*')
  }
})

test('a Topic replaces the waiting message of its endpoint and no other', async () => {
  const other = await browser.subscribe('other')
  await browser.terminate()
  await postPush(endpoint, { topic: 'a' }, 'old')
  await postPush(endpoint, { topic: 'b' }, 'different topic')
  await postPush(endpoint, {}, 'no topic')
  await postPush(other, { topic: 'a' }, 'different endpoint')
  await postPush(endpoint, { topic: 'a' }, 'new')
  const statuses = service.messages.map(({ status }) => status)
  expect(statuses).toEqual(['replaced', 'queued', 'queued', 'queued', 'queued'])
  const again = await connectBrowser(service, browser.uaid)
  const bodies: string[] = []
  for (let count = 0; count < 4; count++) {
    const { data } = await again.next('notification')
    bodies.push(Buffer.from(String(data), 'base64url').toString())
  }
  expect(bodies.toSorted()).toEqual(['different endpoint', 'different topic', 'new', 'no topic'])
})

test('a queue that is full refuses with 503 and Retry-After until it is read', async () => {
  await browser.terminate()
  for (let sent = 0; sent < 1000; sent += 50) {
    await Promise.all(Array.from({ length: 50 }, () => postPush(endpoint)))
  }
  const refused = await postPush(endpoint)
  expect(refused).toMatchObject({ status: 503, errno: 201 })
  expect(refused.headers.get('retry-after')).toBe('120')
  const again = await connectBrowser(service, browser.uaid)
  again.ack(await again.next('notification'))
  await service.waitFor(({ status }) => status === 'acknowledged')
  expect((await postPush(endpoint)).status).toBe(201)
}, 20_000)

test('headers beyond 16 KiB are refused with 431', async () => {
  expect((await postPush(endpoint, { x: 'a'.repeat(20_000) })).status).toBe(431)
})
