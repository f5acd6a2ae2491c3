import { importJWK, jwtVerify } from 'jose'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { generateVapidKeys, type OutgoingMessage } from '../../src/server/index.ts'
import { senders, vapid } from './both-senders.ts'
import { type SendingWorld, startSendingWorld } from './sending-world.ts'

const uuid = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/

describe.each(senders)('%s:', (_sender, createPushSender) => {
  let world: SendingWorld

  beforeEach(async () => {
    world = await startSendingWorld(createPushSender)
  })
  afterEach(() => world.service.close())

  describe('send', () => {
    test('brings a message to the browser that alone can read it', async () => {
      const now = 1_800_000_000_000
      const outcome = await world
        .createSender({ now: () => now })
        .send(
          world.browser.subscription,
          { type: 'order.shipped', data: { orderId: '42' }, notification: { title: 'On its way' } },
          { ttl: 60, urgency: 'high', topic: 'order-42' },
        )
      const id = outcome.status === 'accepted' ? outcome.id : expect.unreachable()
      expect(outcome).toEqual({ status: 'accepted', id, location: '/m/1', httpStatus: 201 })
      expect(id).toMatch(uuid)
      expect(world.service.requests[0]).toMatchObject({
        method: 'POST',
        path: '/push/secret-token-0123456789',
        headers: {
          ttl: '60',
          urgency: 'high',
          topic: 'order-42',
          'content-encoding': 'aes128gcm',
          'content-type': 'application/octet-stream',
        },
      })
      expect(JSON.parse(world.received())).toEqual({
        web_push: 8030,
        notification: { title: 'On its way', navigate: './', mutable: true },
        mutable: true,
        pushwell: {
          v: 1,
          id,
          type: 'order.shipped',
          data: { orderId: '42' },
          sentAt: now,
          expiresAt: now + 60_000,
        },
      })
    })

    test('signs each request for the origin that it goes to', async () => {
      await world.createSender().send(world.browser.subscription, null)
      const { authorization = '' } = world.service.requests[0]?.headers ?? {}
      const [, token = '', k = ''] = /^vapid t=(.+), k=(.+)$/.exec(authorization) ?? []
      const point = Buffer.from(k, 'base64url')
      const x = point.subarray(1, 33).toString('base64url')
      const y = point.subarray(33).toString('base64url')
      const key = await importJWK({ kty: 'EC', crv: 'P-256', x, y }, 'ES256')
      await jwtVerify(token, key, {
        audience: new URL(world.service.url).origin,
        subject: vapid.subject,
      })
      expect(k).toBe(vapid.publicKey)
    })

    test('signs with the pair that the subscription was made with', async () => {
      const old = await generateVapidKeys()
      const sender = world.createSender({ vapid: { subject: vapid.subject, keys: [vapid, old] } })
      await sender.send(world.browser.subscription, null)
      for (const applicationServerKey of [old.publicKey, vapid.publicKey]) {
        await sender.send(world.browser.subscription, null, { applicationServerKey })
      }
      const keys = world.service.requests.map(
        ({ headers }) => headers.authorization?.split('k=')[1],
      )
      expect(keys).toEqual([vapid.publicKey, old.publicKey, vapid.publicKey])
    })

    test.each<[string, OutgoingMessage]>([
      ['null', null],
      ['an empty text', { payload: '' }],
      ['no octets', { payload: new Uint8Array() }],
    ])('sends %s as a request without body and encoding', async (_what, message) => {
      const outcome = await world.createSender().send(world.browser.subscription, message)
      expect(outcome).toMatchObject({ status: 'accepted', id: expect.stringMatching(uuid) })
      const [request] = world.service.requests
      expect(request?.headers).toMatchObject({ ttl: '2419200', 'content-length': '0' })
      expect(request?.headers).not.toHaveProperty('content-encoding')
      expect(request?.headers).not.toHaveProperty('content-type')
    })

    test.each<[string, OutgoingMessage]>([
      ['text', { payload: 'Grüße' }],
      ['octets', { payload: new TextEncoder().encode('Grüße') }],
    ])('sends a payload of %s as it is', async (_what, message) => {
      await world.createSender().send(world.browser.subscription, message)
      expect(world.received()).toBe('Grüße')
    })

    test("keeps a message's own id", async () => {
      const outcome = await world.createSender().send(world.browser.subscription, { id: 'mine' })
      expect(outcome).toMatchObject({ id: 'mine' })
      expect(JSON.parse(world.received()).pushwell.id).toBe('mine')
    })

    test('names no end for a message that is to be delivered now or never', async () => {
      await world.createSender({ ttl: 0 }).send(world.browser.subscription, {})
      expect(world.service.requests[0]?.headers['ttl']).toBe('0')
      expect(JSON.parse(world.received()).pushwell).not.toHaveProperty('expiresAt')
    })
  })

  describe('signal', () => {
    test('ends a request that is under way, with its own reason', async () => {
      const controller = new AbortController()
      const { signal } = controller
      world.service.respond = () => controller.abort(new Error('enough'))
      await expect(
        world.createSender().send(world.browser.subscription, null, { signal }),
      ).rejects.toThrow('enough')
    })

    test('keeps a request from being made', async () => {
      const signal = AbortSignal.abort()
      await expect(
        world.createSender().send(world.browser.subscription, null, { signal }),
      ).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }))
      expect(world.service.requests).toHaveLength(0)
    })
  })

  test('fetch is called with the endpoint and never told to follow a redirect', async () => {
    const fetch = vi.fn(async () => new Response(null, { status: 201 }))
    await world.createSender({ fetch }).send(world.browser.subscription, null)
    expect(fetch).toHaveBeenCalledExactlyOnceWith(
      world.browser.subscription.endpoint,
      expect.objectContaining({ method: 'POST', redirect: 'manual', body: null }),
    )
  })
})
