import type { ServerResponse } from 'node:http'
import { importJWK, jwtVerify } from 'jose'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import {
  createPushSender as createPortableSender,
  generateVapidKeys,
  type OutgoingMessage,
  type PushSender,
  type PushSenderOptions,
  type SendOptions,
  type StandardSchema,
} from '../../src/server/index.ts'
import { createPushSender as createNodeSender } from '../../src/server-node/index.ts'
import { message as messageOf } from '../../src/shared/message.ts'
import { createFakeBrowser, type FakeBrowser } from './fake-browser.ts'
import { type LocalPushService, startLocalPushService } from './local-push-service.ts'

const vapid = { subject: 'mailto:ops@example.com', ...(await generateVapidKeys()) }
const uuid = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/

let service: LocalPushService
let browser: FakeBrowser

beforeEach(async () => {
  service = await startLocalPushService()
  browser = createFakeBrowser(`${service.url}push/secret-token-0123456789`)
})
afterEach(() => service.close())

describe.each([
  ['the portable sender', createPortableSender],
  ['the sender for Node', createNodeSender],
])('%s:', (_sender, createPushSender) => {
  function createSender(options: Partial<PushSenderOptions> = {}): PushSender {
    return createPushSender({ vapid, endpoints: (url) => url.hostname === '127.0.0.1', ...options })
  }

  function received(): string {
    const [request] = service.requests
    return request ? browser.decrypt(request.body) : expect.unreachable('nothing arrived')
  }

  describe('send', () => {
    test('brings a message to the browser that alone can read it', async () => {
      const now = 1_800_000_000_000
      const outcome = await createSender({ now: () => now }).send(
        browser.subscription,
        { type: 'order.shipped', data: { orderId: '42' }, notification: { title: 'On its way' } },
        { ttl: 60, urgency: 'high', topic: 'order-42' },
      )
      const id = outcome.status === 'accepted' ? outcome.id : expect.unreachable()
      expect(outcome).toEqual({ status: 'accepted', id, location: '/m/1', httpStatus: 201 })
      expect(id).toMatch(uuid)
      expect(service.requests[0]).toMatchObject({
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
      expect(JSON.parse(received())).toEqual({
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
      await createSender().send(browser.subscription, null)
      const { authorization = '' } = service.requests[0]?.headers ?? {}
      const [, token = '', k = ''] = /^vapid t=(.+), k=(.+)$/.exec(authorization) ?? []
      const point = Buffer.from(k, 'base64url')
      const x = point.subarray(1, 33).toString('base64url')
      const y = point.subarray(33).toString('base64url')
      const key = await importJWK({ kty: 'EC', crv: 'P-256', x, y }, 'ES256')
      await jwtVerify(token, key, { audience: new URL(service.url).origin, subject: vapid.subject })
      expect(k).toBe(vapid.publicKey)
    })

    test('signs with the pair that the subscription was made with', async () => {
      const old = await generateVapidKeys()
      const sender = createSender({ vapid: { subject: vapid.subject, keys: [vapid, old] } })
      await sender.send(browser.subscription, null)
      for (const applicationServerKey of [old.publicKey, vapid.publicKey]) {
        await sender.send(browser.subscription, null, { applicationServerKey })
      }
      const keys = service.requests.map(({ headers }) => headers.authorization?.split('k=')[1])
      expect(keys).toEqual([vapid.publicKey, old.publicKey, vapid.publicKey])
    })

    test.each<[string, OutgoingMessage]>([
      ['null', null],
      ['an empty text', { payload: '' }],
      ['no octets', { payload: new Uint8Array() }],
    ])('sends %s as a request without body and encoding', async (_what, message) => {
      const outcome = await createSender().send(browser.subscription, message)
      expect(outcome).toMatchObject({ status: 'accepted', id: expect.stringMatching(uuid) })
      const [request] = service.requests
      expect(request?.headers).toMatchObject({ ttl: '2419200', 'content-length': '0' })
      expect(request?.headers).not.toHaveProperty('content-encoding')
      expect(request?.headers).not.toHaveProperty('content-type')
    })

    test.each<[string, OutgoingMessage]>([
      ['text', { payload: 'Grüße' }],
      ['octets', { payload: new TextEncoder().encode('Grüße') }],
    ])('sends a payload of %s as it is', async (_what, message) => {
      await createSender().send(browser.subscription, message)
      expect(received()).toBe('Grüße')
    })

    test("keeps a message's own id", async () => {
      const outcome = await createSender().send(browser.subscription, { id: 'mine' })
      expect(outcome).toMatchObject({ id: 'mine' })
      expect(JSON.parse(received()).pushwell.id).toBe('mine')
    })

    test('names no end for a message that is to be delivered now or never', async () => {
      await createSender({ ttl: 0 }).send(browser.subscription, {})
      expect(service.requests[0]?.headers['ttl']).toBe('0')
      expect(JSON.parse(received()).pushwell).not.toHaveProperty('expiresAt')
    })
  })

  describe('what a push service does is an outcome', () => {
    const answers: ReadonlyArray<[string, (response: ServerResponse) => void, object]> = [
      ['410', (response) => response.writeHead(410).end(), { status: 'gone', httpStatus: 410 }],
      [
        '429 with seconds',
        (response) => response.writeHead(429, { 'Retry-After': '7' }).end(),
        { status: 'retry', httpStatus: 429, reason: 'rate-limited', retryAfterMs: 7000 },
      ],
      [
        '429 with a date',
        (response) =>
          response.writeHead(429, { 'Retry-After': 'Fri, 15 Jan 2027 08:00:09 GMT' }).end(),
        { status: 'retry', httpStatus: 429, reason: 'rate-limited', retryAfterMs: 9000 },
      ],
      [
        '500',
        (response) => response.writeHead(500).end('oops'),
        { status: 'retry', httpStatus: 500, reason: 'service-failed' },
      ],
      [
        '403 with a reason',
        (response) => response.writeHead(403).end('{"reason":"BadJwtToken"}'),
        { status: 'rejected', httpStatus: 403, reason: 'unauthorized', detail: 'BadJwtToken' },
      ],
      [
        'a redirect',
        (response) => response.writeHead(307, { Location: service.url }).end(),
        { status: 'rejected', httpStatus: 307, reason: 'redirected' },
      ],
      [
        'a body without end',
        (response) => {
          response.writeHead(400)
          const more = (): void => {
            while (response.write('no '.repeat(1000))) continue
          }
          response.on('drain', more)
          more()
        },
        { status: 'rejected', httpStatus: 400, detail: expect.stringMatching(/^(no )+$/) },
      ],
      [
        'a cut connection',
        (response) => response.destroy(),
        { status: 'retry', reason: 'network', cause: expect.any(Error) },
      ],
      [
        'a body that breaks off',
        (response) => {
          response.writeHead(413, { 'Content-Length': '100' })
          response.write('too', () => response.destroy())
        },
        { status: 'rejected', httpStatus: 413, reason: 'too-large' },
      ],
    ]

    test.each(answers)('%s', async (_what, respond, expected) => {
      service.respond = respond
      const now = Date.parse('2027-01-15T08:00:00Z')
      const outcome = await createSender({ now: () => now }).send(browser.subscription, null)
      expect(outcome).toMatchObject(expected)
      expect(service.requests).toHaveLength(1)
      expect(JSON.stringify(outcome)).not.toContain('secret-token')
    })

    test('silence, once the time is up', async () => {
      service.respond = () => {}
      const outcome = await createSender({ timeoutMs: 50 }).send(browser.subscription, null)
      expect(outcome).toMatchObject({ status: 'retry', reason: 'timeout' })
      expect(outcome).not.toHaveProperty('httpStatus')
    })

    test('nobody there', async () => {
      await service.close()
      const outcome = await createSender().send(browser.subscription, null)
      expect(outcome).toMatchObject({ status: 'retry', reason: 'network' })
      service = await startLocalPushService()
    })
  })

  describe('what the caller does wrong is thrown, and nothing is sent', () => {
    const title = 'Hello'
    const wrong: ReadonlyArray<[string, (sender: PushSender) => Promise<unknown>, object]> = [
      [
        'a subscription without keys',
        subscription({ keys: undefined }),
        { code: 'invalid-subscription' },
      ],
      [
        'keys with padding',
        subscription({ keys: { p256dh: 'BA==', auth: 'AA==' } }),
        { code: 'invalid-subscription' },
      ],
      [
        'a key beside the curve',
        subscription({ keys: { p256dh: `BA${'A'.repeat(85)}`, auth: 'A'.repeat(22) } }),
        { code: 'invalid-subscription', message: expect.stringContaining('keys.p256dh') },
      ],
      [
        'an address that is not allowed',
        subscription({ endpoint: 'https://fcm.googleapis.com/x' }),
        { code: 'endpoint-refused' },
      ],
      [
        'a ttl',
        options({ ttl: -1 }),
        { name: 'RangeError', message: expect.stringMatching(/^ttl /) },
      ],
      [
        'an urgency',
        options({ urgency: 'now' as 'high' }),
        { name: 'TypeError', message: expect.stringMatching(/^urgency /) },
      ],
      [
        'a key of no pair',
        options({ applicationServerKey: 'BA' }),
        {
          name: 'RangeError',
          code: 'invalid-application-server-key',
          message: expect.stringMatching(/^applicationServerKey /),
        },
      ],
      ['a topic', options({ topic: 'ä' }), { message: expect.stringMatching(/^topic /) }],
      [
        'a payload that is too long',
        message({ payload: 'x'.repeat(3994) }),
        { code: 'message-too-large' },
      ],
      [
        'a message that is too long',
        message({ data: 'x'.repeat(3994), notification: { title } }),
        { name: 'RangeError', code: 'message-too-large' },
      ],
      [
        'a payload of another kind',
        message({ payload: 5 as never }),
        { name: 'TypeError', code: 'invalid-message' },
      ],
      ['text for a message', message('Hello' as never), { code: 'invalid-message' }],
      ['no message', message(undefined as never), { code: 'invalid-message' }],
      [
        'a field of a wrong type',
        message({ notification: { title, body: 5 as never } }),
        {
          name: 'TypeError',
          code: 'invalid-message',
          message: expect.stringMatching(/^message\.notification\.body /),
        },
      ],
    ]

    function subscription(change: object): (sender: PushSender) => Promise<unknown> {
      return (sender) => sender.send({ ...browser.subscription, ...change }, {})
    }
    function options(given: SendOptions): (sender: PushSender) => Promise<unknown> {
      return (sender) => sender.send(browser.subscription, null, given)
    }
    function message(given: OutgoingMessage): (sender: PushSender) => Promise<unknown> {
      return (sender) => sender.send(browser.subscription, given)
    }

    test.each(wrong)('%s', async (_what, send, expected) => {
      await expect(send(createSender())).rejects.toMatchObject({
        code: 'invalid-argument',
        ...expected,
      })
      expect(service.requests).toHaveLength(0)
    })

    test.each<[string, Partial<PushSenderOptions>]>([
      ...[0, -1, 1.5, NaN, 3994, 4096, 2 ** 32].map((size): [string, object] => [
        'Each size in padding must be a whole number from 1 to 3993.',
        { padding: [512, size] },
      ]),
      ...[0, -5, NaN, Infinity, 3e9].map((timeoutMs): [string, object] => [
        'timeoutMs must be a whole number from 1 to 2147483647.',
        { timeoutMs },
      ]),
    ])('%s: %o', (sentence, given) => {
      const create = () => createSender(given)
      expect(create).toThrow(RangeError)
      expect(create).toThrow(sentence)
    })

    test('a host that no endpoint can have', () => {
      const create = () => createSender({ endpoints: { hosts: ['FCM.googleapis.com'] } })
      expect(create).toThrow(TypeError)
      expect(create).toThrow('"FCM.googleapis.com"')
    })

    test('a private address, as long as no option allows it', async () => {
      const sender = createPushSender({ vapid })
      await expect(sender.send(browser.subscription, null)).rejects.toMatchObject({
        name: 'RangeError',
        code: 'endpoint-refused',
        message: expect.not.stringContaining('127.0.0.1'),
      })
      expect(service.requests).toHaveLength(0)
    })

    test('options of the sender itself, as it is made', () => {
      expect(() => createSender({ vapid: { ...vapid, subject: 'me' } })).toThrow('vapid.subject')
      expect(() => createSender({ vapid: { ...vapid, privateKey: '' } })).toThrow(
        'vapid.privateKey',
      )
      expect(() => createSender({ ttl: 1.5 })).toThrow('ttl')
    })
  })

  describe('data is checked before it is sent', () => {
    const numbers: StandardSchema<{ n: number }> = {
      '~standard': {
        version: 1,
        vendor: 'test',
        validate: async (value) =>
          typeof (value as { n?: unknown }).n === 'number'
            ? { value: { n: -1 } }
            : {
                issues: [
                  { message: `n must be a number; received ${JSON.stringify(value)}`, path: ['n'] },
                  { message: 'and there', path: [{ key: 'list' }, 0, Symbol('mark')] },
                  { message: 'and all of it' },
                ],
              },
      },
    }
    const messages = { numbers, 'order.shipped': messageOf<{ orderId: string }>() }
    const create = (): PushSender<typeof messages> =>
      createPushSender({ vapid, messages, endpoints: () => true })

    test('by the schema of its type, and goes out as it was given', async () => {
      await create().send(browser.subscription, { type: 'numbers', data: { n: 1 } })
      expect(JSON.parse(received()).pushwell).toMatchObject({ type: 'numbers', data: { n: 1 } })
    })

    test('and what the schema refuses is refused by its place, never by what stands there', async () => {
      const data = { n: 'secret-4711' as never }
      await expect(
        create().send(browser.subscription, { type: 'numbers', data }),
      ).rejects.toMatchObject({
        name: 'TypeError',
        code: 'invalid-message',
        message:
          'message.data.n, message.data.list.0.Symbol(mark), message.data must fit its type.',
        cause: [
          { message: 'n must be a number; received {"n":"secret-4711"}' },
          { message: 'and there' },
          { message: 'and all of it' },
        ],
      })
      expect(service.requests).toHaveLength(0)
    })

    test.each(['unknown', 'constructor', '__proto__'])('and there is no type %s', async (type) => {
      const message = { type, data: { n: 1 } } as never
      await expect(create().send(browser.subscription, message)).rejects.toMatchObject({
        code: 'invalid-message',
        message: expect.stringMatching(/^message\.type /),
      })
    })
  })

  describe('signal', () => {
    test('ends a request that is under way, with its own reason', async () => {
      const controller = new AbortController()
      const { signal } = controller
      service.respond = () => controller.abort(new Error('enough'))
      await expect(createSender().send(browser.subscription, null, { signal })).rejects.toThrow(
        'enough',
      )
    })

    test('keeps a request from being made', async () => {
      const signal = AbortSignal.abort()
      await expect(createSender().send(browser.subscription, null, { signal })).rejects.toThrow(
        expect.objectContaining({ name: 'AbortError' }),
      )
      expect(service.requests).toHaveLength(0)
    })
  })

  test('fetch is called with the endpoint and never told to follow a redirect', async () => {
    const fetch = vi.fn(async () => new Response(null, { status: 201 }))
    await createSender({ fetch }).send(browser.subscription, null)
    expect(fetch).toHaveBeenCalledExactlyOnceWith(
      browser.subscription.endpoint,
      expect.objectContaining({ method: 'POST', redirect: 'manual', body: null }),
    )
  })
})
