import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startPushService } from '../../../src/testing/push-service/index.ts'
import type { PushService } from '../../../src/testing/push-service/index.ts'
import { connectBrowser } from './autopush-client.ts'
import { createBody, newPoint } from './encrypted-push.ts'
import { postPush } from './push-sender.ts'
import { authorize, createVapidKeys, signToken } from './vapid-authorization.ts'
import type { VapidKeys } from './vapid-authorization.ts'

let service: PushService
let lenient: PushService
let time: number
let keys: VapidKeys
let endpoint: string
let lenientEndpoint: string
let open: string

beforeAll(async () => {
  time = Math.floor(Date.now() / 1000) * 1000
  service = await startPushService({ strict: true, now: () => time })
  lenient = await startPushService({ now: () => time })
  keys = await createVapidKeys()
  const browser = await connectBrowser(service)
  endpoint = await browser.subscribe('restricted', `${keys.publicKey}=`)
  open = await browser.subscribe('open')
  const other = await connectBrowser(lenient)
  lenientEndpoint = await other.subscribe('restricted', `${keys.publicKey}=`)
})

afterAll(async () => {
  await service.close()
  await lenient.close()
})

/** Sends a good message with something changed to the strict service, and to one that is not. */
async function sendBoth(
  changes: {
    readonly headers?: Record<string, string>
    readonly body?: Uint8Array<ArrayBuffer> | null
    readonly claims?: Record<string, unknown>
  } = {},
) {
  const { headers = {}, body = createBody(), claims = {} } = changes
  const send = async (to: string) => {
    const authorization = await authorize(to, keys, { claims })
    return postPush(to, { authorization, ...headers }, body ?? undefined)
  }
  return { strict: await send(endpoint), lenient: await send(lenientEndpoint) }
}

test('a good message is accepted, with every header that the RFCs know', async () => {
  const headers = { ttl: '0060', topic: 'a-topic_1', urgency: 'very-low', prefer: 'respond-async' }
  const { strict } = await sendBoth({ headers })
  expect(strict.status).toBe(201)
})

test('an empty push without Content-Encoding is accepted', async () => {
  const { strict } = await sendBoth({ body: null })
  expect(strict.status).toBe(201)
})

test('an open subscription needs no Authorization', async () => {
  expect((await postPush(open, {}, createBody())).status).toBe(201)
})

test('a record size one above the record is accepted, as senders that save octets announce', async () => {
  const { strict } = await sendBoth({ body: createBody({ recordsLength: 40, recordSize: 41 }) })
  expect(strict.status).toBe(201)
})

test.each([
  ['several records', { recordSize: 50, recordsLength: 100 }, '2 records'],
  ['a record size as large as the record', { recordSize: 60 }, 'greater'],
  ['a record size of 17', { recordSize: 17 }, '18 is the least'],
  ['a record size of 0', { recordSize: 0 }, '18 is the least'],
  ['a key id of 64 octets', { keyId: new Uint8Array(64) }, '64 octets'],
  ['no key id', { keyId: new Uint8Array() }, '0 octets'],
  ['a compressed key', { keyId: new Uint8Array(33).fill(2) }, '33 octets'],
  ['a key that is not on the curve', { keyId: new Uint8Array(65).fill(4) }, 'P-256'],
  ['no record', { recordsLength: 0 }, '17 is the least'],
  ['a record without room for its tag', { recordsLength: 16 }, '17 is the least'],
  ['an empty plaintext that is encrypted', { recordsLength: 17 }, 'Chromium drops it'],
])(
  '%s is refused in words, and let pass by a service that is not strict',
  async (_, parts, reason) => {
    const { strict, lenient: passed } = await sendBoth({ body: createBody(parts) })
    expect(strict).toMatchObject({ status: 400, errno: 110 })
    expect(strict.message).toContain(reason)
    expect(passed.status).toBe(201)
  },
)

test.each([1, 20, 21, 85])('a body of %i octets ends within its header', async (length) => {
  const body = createBody().slice(0, length)
  expect((await sendBoth({ body })).strict.message).toContain('within its header')
})

test('a sender key that was used before is refused, also for another subscription', async () => {
  const keyId = newPoint()
  expect((await postPush(open, {}, createBody({ keyId }))).status).toBe(201)
  const { strict, lenient: passed } = await sendBoth({ body: createBody({ keyId }) })
  expect(strict.message).toContain('sender key was used')
  expect(passed.status).toBe(201)
})

test('a salt that was used before is refused', async () => {
  const salt = randomBytes(16)
  expect((await postPush(open, {}, createBody({ salt }))).status).toBe(201)
  expect((await sendBoth({ body: createBody({ salt }) })).strict.message).toContain('salt was used')
})

test('a message that came to nothing may be sent again as it is', async () => {
  const body = createBody()
  expect((await postPush(endpoint, {}, body)).status).toBe(401)
  service.fail({ status: 503 })
  expect((await postPush(open, {}, body)).status).toBe(503)
  service.fail({ drop: true })
  await expect(postPush(open, {}, body)).rejects.toThrow()
  expect((await postPush(open, {}, body)).status).toBe(201)
  expect((await postPush(open, {}, body)).status).toBe(400)
})

test('a sender that gave up waiting for its answer may send the same again', async () => {
  const body = createBody()
  service.delay(60_000)
  const giveUp = new AbortController()
  const before = service.messages.length
  const headers = { ttl: '1', 'content-encoding': 'aes128gcm' }
  const sending = fetch(open, { method: 'POST', headers, body, signal: giveUp.signal })
  await service.waitFor(() => service.messages.length > before)
  giveUp.abort()
  await expect(sending).rejects.toThrow()
  await expect.poll(() => service.answers.at(-1)?.status).toBe(null)
  expect((await postPush(open, {}, body)).status).toBe(201)
})

test('a VAPID key that encrypts the message too is refused', async () => {
  const body = createBody({ keyId: Buffer.from(keys.publicKey, 'base64url') })
  const { strict, lenient: passed } = await sendBoth({ body })
  expect(strict.message).toContain('RFC 8292 §3.2')
  expect(passed.status).toBe(201)
})

test('the older aesgcm is refused', async () => {
  const dh = Buffer.from(newPoint()).toString('base64url')
  const headers = {
    'content-encoding': 'aesgcm',
    encryption: `salt=${randomBytes(16).toString('base64url')}`,
    'crypto-key': `dh=${dh}`,
  }
  const { strict, lenient: passed } = await sendBoth({ headers })
  expect(strict).toMatchObject({ status: 400, errno: 110 })
  expect(strict.message).toContain('aes128gcm only')
  expect(passed.status).toBe(201)
})

test.each(['aes128gcm', 'aesgcm', 'gzip'])(
  'Content-Encoding %s without a body is refused',
  async (encoding) => {
    const answer = await postPush(open, { 'content-encoding': encoding })
    expect(answer.message).toContain('there is no body')
  },
)

test.each(['urgent', 'low, high', 'High', ''])('Urgency %j is refused', async (urgency) => {
  const { strict, lenient: passed } = await sendBoth({ headers: { urgency } })
  expect(strict.status).toBe(400)
  expect(strict.message).toContain('Urgency')
  expect(passed.status).toBe(201)
})

test.each(['+60', '60s', '0x3c', '6e1', '60, 60', '٣'])('TTL %j is refused', async (ttl) => {
  const headers = { ttl: Buffer.from(ttl).toString('latin1') }
  expect((await postPush(open, headers)).status).toBe(400)
})

describe('VAPID', () => {
  test.each<[string, Record<string, unknown>, string, boolean]>([
    ['no sub', { sub: undefined }, '"sub" is missing', true],
    ['a sub that is no URI', { sub: 'ops@example.com' }, 'mailto: or https:', true],
    ['a sub of http', { sub: 'http://example.com' }, 'mailto: or https:', true],
    ['a sub that is empty behind mailto', { sub: 'mailto:' }, 'mailto: or https:', true],
    ['a sub that is no text', { sub: { toString: 'mailto:a@b' } }, 'mailto: or https:', true],
  ])('%s is refused', async (_, claims, reason, isLetPass) => {
    const { strict, lenient: passed } = await sendBoth({ claims })
    expect(strict).toMatchObject({ status: 401, errno: 109 })
    expect(strict.message).toContain(reason)
    expect(passed.status === 201).toBe(isLetPass)
  })

  test('exp of exactly 24 hours is accepted, and a second more refused', async () => {
    const day = time / 1000 + 86_400
    expect((await sendBoth({ claims: { exp: day } })).strict.status).toBe(201)
    const { strict, lenient: passed } = await sendBoth({ claims: { exp: day + 1 } })
    expect(strict.message).toContain('24 hours')
    expect(passed.status).toBe(201)
  })

  test.each([
    ['the space after the comma left out', (t: string, k: string) => `vapid t=${t},k=${k}`],
    ['another order', (t: string, k: string) => `vapid k=${k}, t=${t}`],
    ['a scheme in capitals and quotes', (t: string, k: string) => `VAPID t="${t}", k="${k}"`],
  ])('%s is accepted', async (_, write) => {
    const authorization = write(await signToken(endpoint, keys), keys.publicKey)
    expect((await postPush(endpoint, { authorization }, createBody())).status).toBe(201)
  })

  test.each([
    ['a padded k', (t: string, k: string) => `vapid t=${t}, k=${k}=`, 'padded'],
    ['a padded k in quotes', (t: string, k: string) => `vapid t=${t}, k="${k}="`, 'padded'],
    ['a semicolon', (t: string, k: string) => `vapid t=${t}; k=${k}`, 'commas'],
    ['k twice', (t: string, k: string) => `vapid t=${t}, k=${k}, K=${k}`, 'twice'],
    ['a comma too many', (t: string, k: string) => `vapid t=${t}, k=${k},`, 'commas'],
  ])('%s is refused, and let pass by a service that is not strict', async (_, write, reason) => {
    const send = async (to: string) => {
      const authorization = write(await signToken(to, keys), keys.publicKey)
      return postPush(to, { authorization }, createBody())
    }
    const refused = await send(endpoint)
    expect(refused).toMatchObject({ status: 401, errno: 109 })
    expect(refused.message).toContain(reason)
    expect((await send(lenientEndpoint)).status).toBe(201)
  })

  test.each(['WebPush', 'Bearer'])('the drafts’ scheme %s is refused', async (scheme) => {
    const authorization = `${scheme} ${await signToken(endpoint, keys)}`
    const cryptoKey = { 'crypto-key': `p256ecdsa=${keys.publicKey}` }
    const answer = await postPush(endpoint, { authorization, ...cryptoKey }, createBody())
    expect(answer.message).toContain('"vapid" only')
  })
})
