import { afterAll, beforeAll, expect, test } from 'vitest'
import { startPushService } from '../../../src/testing/push-service/index.ts'
import type { PushService } from '../../../src/testing/push-service/index.ts'
import { connectBrowser } from './autopush-client.ts'
import { postPush } from './push-sender.ts'
import { authorize, createVapidKeys, signText, signToken } from './vapid-authorization.ts'
import type { VapidKeys } from './vapid-authorization.ts'

let service: PushService
let keys: VapidKeys
let otherKeys: VapidKeys
let endpoint: string
let openEndpoint: string

beforeAll(async () => {
  service = await startPushService()
  keys = await createVapidKeys()
  otherKeys = await createVapidKeys()
  const browser = await connectBrowser(service)
  endpoint = await browser.subscribe('restricted', `${keys.publicKey}=`)
  openEndpoint = await browser.subscribe('open')
})

afterAll(async () => {
  await service.close()
})

const now = () => Math.floor(Date.now() / 1000)

async function refusal(authorization: string, headers: Record<string, string> = {}) {
  const answer = await postPush(endpoint, { ...headers, authorization }, 'body')
  expect(answer).toMatchObject({ status: 401, errno: 109 })
  expect(answer.headers.get('www-authenticate')).toBe('vapid')
  return answer.message
}

async function accepted(authorization: string, headers: Record<string, string> = {}) {
  const answer = await postPush(endpoint, { ...headers, authorization }, 'body')
  expect(answer).toMatchObject({ status: 201 })
}

test('the scheme is taken in every spelling that senders use', async () => {
  const token = await signToken(endpoint, keys)
  const key = keys.publicKey
  await accepted(`vapid t=${token}, k=${key}`)
  await accepted(`vapid t=${token},k=${key}`)
  await accepted(`vapid k=${key}, t=${token}`)
  await accepted(`Vapid  k="${key}" , t="${token}"`)
  await accepted(`vapid t=${token}, k=${key}=`)
})

test('the drafts’ WebPush scheme takes its key from Crypto-Key', async () => {
  const token = await signToken(endpoint, keys)
  const cryptoKey = { 'crypto-key': `p256ecdsa=${keys.publicKey}` }
  await accepted(`WebPush ${token}`, cryptoKey)
  await accepted(`Bearer ${token}`, cryptoKey)
  expect(await refusal(`WebPush ${token}`)).toContain('Crypto-Key')
})

test('https of the same host and port is an audience too', async () => {
  const aud = new URL(endpoint).origin.replace('http:', 'https:')
  await accepted(await authorize(endpoint, keys, { claims: { aud } }))
})

test('exp of exactly 24 hours ahead is taken, also with a clock a few seconds ahead', async () => {
  await accepted(await authorize(endpoint, keys, { claims: { exp: now() + 86_400 } }))
  await accepted(await authorize(endpoint, keys, { claims: { exp: now() + 86_405 } }))
})

test('a restricted subscription refuses a push without Authorization', async () => {
  const answer = await postPush(endpoint, {}, 'body')
  expect(answer).toMatchObject({ status: 401, errno: 109 })
  expect(answer.message).toContain('Authorization is missing')
})

test.each<[string, Record<string, unknown>, string]>([
  ['no aud', { aud: undefined }, '"aud"'],
  ['an aud that is a list', { aud: ['http://localhost'] }, '"aud"'],
  ['an aud of another origin', { aud: 'https://push.example' }, '"aud"'],
  ['no exp', { exp: undefined }, '"exp"'],
  ['an exp that is text', { exp: '9999999999' }, '"exp"'],
  ['an exp that is an object', { exp: { toString: 'x' } }, '"exp"'],
  ['an exp in the past', { exp: now() - 1 }, 'expired'],
  ['an exp too far ahead', { exp: now() + 86_400 + 60 }, '24 hours'],
  ['an exp in milliseconds', { exp: Date.now() + 1000 }, 'milliseconds'],
])('%s is refused', async (_, claims, reason) => {
  const good = { aud: new URL(endpoint).origin, exp: now() + 60 }
  const text = JSON.stringify({ ...good, ...claims })
  const signed = await signText('{"alg":"ES256"}', text, keys)
  expect(await refusal(`vapid t=${signed}, k=${keys.publicKey}`)).toContain(reason)
})

test.each([
  ['not JSON', '{}'],
  ['null', '{}'],
  ['"text"', '{}'],
  ['[]', '{}'],
  ['{"alg":"none"}', '{}'],
  ['{"alg":{"toString":"ES256"}}', '{}'],
  ['{"alg":"ES256"}', 'not JSON'],
  ['{"alg":"ES256"}', ''],
  ['{"alg":"ES256"}', 'null'],
  ['{"alg":"ES256"}', '7'],
  ['{"alg":"ES256"}', '[]'],
  ['{"alg":"ES256"}', '\ud800'],
  ['{"alg":"ES256"}', '['.repeat(50)],
])('a token of %j and %j is refused and the service goes on', async (header, claims) => {
  const token = await signText(header, claims, keys)
  await refusal(`vapid t=${token}, k=${keys.publicKey}`)
  await accepted(await authorize(endpoint, keys))
})

test('a token whose signature was made with another key is refused', async () => {
  const token = await signToken(endpoint, otherKeys)
  expect(await refusal(`vapid t=${token}, k=${keys.publicKey}`)).toContain('signature')
})

test.each(['{"alg":"none"}', '{"alg":"HS256"}', '{}'])(
  'a token that is good but for its header %s is refused',
  async (header) => {
    const claims = { aud: new URL(endpoint).origin, exp: now() + 60 }
    const token = await signText(header, JSON.stringify(claims), keys)
    expect(await refusal(`vapid t=${token}, k=${keys.publicKey}`)).toContain('ES256')
  },
)

test('a token that was changed after signing is refused', async () => {
  const [header, , signature] = (await signToken(endpoint, keys)).split('.')
  const claims = { aud: new URL(endpoint).origin, exp: now() + 60 }
  const forged = Buffer.from(JSON.stringify(claims)).toString('base64url')
  const token = `${header}.${forged}.${signature}`
  expect(await refusal(`vapid t=${token}, k=${keys.publicKey}`)).toContain('signature')
})

test('a good token of another application server is refused', async () => {
  expect(await refusal(await authorize(endpoint, otherKeys))).toContain('applicationServerKey')
})

test.each([
  '',
  'vapid',
  'vapid ',
  'vapid t=a',
  'vapid k=a',
  'vapid t=a, k=b',
  'vapid t=a.b.c, k=b',
  'vapid t=..., k=b',
  'vapid t=YQ.YQ==.YQ, k=b',
  'Basic YTpi',
  'key=abc',
  'WebPush',
  ',,,;;;===',
])('Authorization %j is refused', async (authorization) => {
  await refusal(authorization, { 'crypto-key': 'p256ecdsa=AAAA' })
})

test('on an open subscription any key will do, but a token that is there must be good', async () => {
  const good = await authorize(openEndpoint, otherKeys)
  expect((await postPush(openEndpoint, { authorization: good })).status).toBe(201)
  const claims = { aud: 'https://push.example' }
  const bad = await authorize(openEndpoint, otherKeys, { claims })
  expect(await postPush(openEndpoint, { authorization: bad })).toMatchObject({ errno: 109 })
  const token = await signToken(openEndpoint, keys)
  const offCurve = Buffer.from([4, ...Array.from({ length: 64 }, () => 1)]).toString('base64url')
  for (const key of [offCurve, 'AAAA']) {
    const answer = await postPush(openEndpoint, { authorization: `vapid t=${token}, k=${key}` })
    expect(answer).toMatchObject({ status: 401, errno: 109 })
    expect(answer.message).toContain('P-256')
  }
})
