import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { PushSender, StandardSchema } from '../../src/server/index.ts'
import { message as messageOf } from '../../src/shared/message.ts'
import { senders, vapid } from './both-senders.ts'
import { type SendingWorld, startSendingWorld } from './sending-world.ts'

describe.each(senders)('%s:', (_sender, createPushSender) => {
  let world: SendingWorld

  beforeEach(async () => {
    world = await startSendingWorld(createPushSender)
  })
  afterEach(() => world.service.close())

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
      await create().send(world.browser.subscription, { type: 'numbers', data: { n: 1 } })
      expect(JSON.parse(world.received()).pushwell).toMatchObject({
        type: 'numbers',
        data: { n: 1 },
      })
    })

    test('and what the schema refuses is refused by its place, never by what stands there', async () => {
      const data = { n: 'secret-4711' as never }
      await expect(
        create().send(world.browser.subscription, { type: 'numbers', data }),
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
      expect(world.service.requests).toHaveLength(0)
    })

    test.each(['unknown', 'constructor', '__proto__'])('and there is no type %s', async (type) => {
      const message = { type, data: { n: 1 } } as never
      await expect(create().send(world.browser.subscription, message)).rejects.toMatchObject({
        code: 'invalid-message',
        message: expect.stringMatching(/^message\.type /),
      })
    })
  })
})
