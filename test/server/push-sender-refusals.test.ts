import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type {
  OutgoingMessage,
  PushSender,
  PushSenderOptions,
  SendOptions,
} from '../../src/server/index.ts'
import { senders, vapid } from './both-senders.ts'
import { type SendingWorld, startSendingWorld } from './sending-world.ts'

describe.each(senders)('%s:', (_sender, createPushSender) => {
  let world: SendingWorld

  beforeEach(async () => {
    world = await startSendingWorld(createPushSender)
  })
  afterEach(() => world.service.close())

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
      return (sender) => sender.send({ ...world.browser.subscription, ...change }, {})
    }
    function options(given: SendOptions): (sender: PushSender) => Promise<unknown> {
      return (sender) => sender.send(world.browser.subscription, null, given)
    }
    function message(given: OutgoingMessage): (sender: PushSender) => Promise<unknown> {
      return (sender) => sender.send(world.browser.subscription, given)
    }

    test.each(wrong)('%s', async (_what, send, expected) => {
      await expect(send(world.createSender())).rejects.toMatchObject({
        code: 'invalid-argument',
        ...expected,
      })
      expect(world.service.requests).toHaveLength(0)
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
      const create = () => world.createSender(given)
      expect(create).toThrow(RangeError)
      expect(create).toThrow(sentence)
    })

    test('a host that no endpoint can have', () => {
      const create = () => world.createSender({ endpoints: { hosts: ['FCM.googleapis.com'] } })
      expect(create).toThrow(TypeError)
      expect(create).toThrow('"FCM.googleapis.com"')
    })

    test('a private address, as long as no option allows it', async () => {
      const sender = createPushSender({ vapid })
      await expect(sender.send(world.browser.subscription, null)).rejects.toMatchObject({
        name: 'RangeError',
        code: 'endpoint-refused',
        message: expect.not.stringContaining('127.0.0.1'),
      })
      expect(world.service.requests).toHaveLength(0)
    })

    test('options of the sender itself, as it is made', () => {
      expect(() => world.createSender({ vapid: { ...vapid, subject: 'me' } })).toThrow(
        'vapid.subject',
      )
      expect(() => world.createSender({ vapid: { ...vapid, privateKey: '' } })).toThrow(
        'vapid.privateKey',
      )
      expect(() => world.createSender({ ttl: 1.5 })).toThrow('ttl')
    })
  })
})
