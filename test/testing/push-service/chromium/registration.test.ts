import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startPushService } from '../../../../src/testing/push-service/index.ts'
import type { PushService } from '../../../../src/testing/push-service/index.ts'
import { authorize, createVapidKeys } from '../vapid-authorization.ts'
import { register3, subscribe, pushSubtype } from './chromium-client.ts'

let service: PushService

beforeEach(async () => {
  service = await startPushService()
})

afterEach(() => service.close())

describe('a checkin', () => {
  const checkIn = (body: Uint8Array<ArrayBuffer>) =>
    fetch(`${service.url}/checkin`, { method: 'POST', body })

  /** Reads the two ids of the answer. */
  async function idsOf(response: Response) {
    const reader = new BinaryReader(new Uint8Array(await response.arrayBuffer()))
    const fixed: string[] = []
    while (reader.pos < reader.len) {
      const [, type] = reader.tag()
      if (type === WireType.Bit64) fixed.push(String(reader.fixed64()))
      else reader.skip(type)
    }
    return fixed
  }

  test('gives a browser that is new an id and a secret of its own', async () => {
    const [first, second] = await Promise.all([
      checkIn(new Uint8Array()),
      checkIn(new Uint8Array()),
    ])
    expect(first.headers.get('content-type')).toBe('application/x-protobuf')
    const ids = [...(await idsOf(first)), ...(await idsOf(second))]
    expect(new Set(ids).size).toBe(4)
    expect(ids).not.toContain('0')
  })

  test('lets a browser keep the identity that it has', async () => {
    const request = new BinaryWriter()
    request.tag(2, WireType.Varint).int64(4711)
    request.tag(13, WireType.Bit64).fixed64(2n ** 63n)
    expect(await idsOf(await checkIn(request.finish()))).toEqual(['4711', String(2n ** 63n)])
  })

  test.each([
    ['that is no protobuf message', Uint8Array.of(0xff), 400],
    ['that is too large', new Uint8Array(64 * 1024 + 1), 413],
  ])('%s is refused', async (_, body, status) => {
    expect((await checkIn(body)).status).toBe(status)
    expect((await checkIn(new Uint8Array())).status).toBe(200)
  })

  test('takes POST only', async () => {
    expect((await fetch(`${service.url}/checkin`)).status).toBe(405)
  })
})

describe('a registration', () => {
  test('makes a subscription whose endpoint is the one that the page sees', async () => {
    const { publicKey } = await createVapidKeys()
    const endpoint = await subscribe(service, publicKey)
    expect(service.subscriptions).toEqual([
      { endpoint, applicationServerKey: publicKey, live: true, connected: false },
    ])
  })

  test('of a stable Chrome makes an endpoint at fcm.googleapis.com', async () => {
    const { publicKey } = await createVapidKeys()
    const fields = { app: 'com.chrome.linux', 'X-subtype': pushSubtype, sender: publicKey }
    const token = (await register3(service, fields)).replace('token=', '')
    const [subscription] = service.subscriptions
    expect(subscription?.endpoint).toBe(`https://fcm.googleapis.com/fcm/send/${token}`)
  })

  test('that is repeated gives the same token', async () => {
    const { publicKey } = await createVapidKeys()
    const endpoint = await subscribe(service, publicKey)
    expect(await subscribe(service, publicKey)).toBe(endpoint)
    expect(await subscribe(service, publicKey, `${pushSubtype}-other`)).not.toBe(endpoint)
  })

  test('can be deleted: senders are answered 410', async () => {
    const keys = await createVapidKeys()
    const endpoint = await subscribe(service, keys.publicKey)
    const fields = { 'X-subtype': pushSubtype, sender: '*', scope: '*', delete: 'true' }
    expect(await register3(service, fields)).toContain('token=')
    const headers = { ttl: '60', authorization: await authorize(endpoint, keys) }
    expect((await service.fetch(endpoint, { method: 'POST', headers })).status).toBe(410)
    expect(await register3(service, fields)).toContain('token=')
  })

  test('of Chromium itself is answered with a token and is no subscription', async () => {
    const fields = { app: 'com.google.android.gms', sender: '745476177629' }
    expect(await register3(service, fields)).toMatch(/^token=[\w-]{40,}$/)
    expect(service.subscriptions).toEqual([])
  })

  test.each([
    ['without a key', {}, 'INVALID_SENDER'],
    ['with a number for a key', { sender: '745476177629' }, 'INVALID_SENDER'],
    ['without an app', { app: '' }, 'INVALID_PARAMETERS'],
    ['with an app of two words', { app: 'two words' }, 'INVALID_PARAMETERS'],
  ])('%s is refused in the words that Chromium knows', async (_, fields, error) => {
    expect(await register3(service, { 'X-subtype': pushSubtype, ...fields })).toBe(`Error=${error}`)
  })

  test.each(['', 'AidLogin', 'AidLogin a:b', 'Bearer 4711:815'])(
    'of nobody is refused: %j',
    async (authorization) => {
      const { publicKey } = await createVapidKeys()
      const fields = { 'X-subtype': pushSubtype, sender: publicKey }
      expect(await register3(service, fields, authorization)).toBe('Error=INVALID_PARAMETERS')
      expect(service.subscriptions).toEqual([])
    },
  )
})
