import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { senders } from './both-senders.ts'
import {
  answer,
  collect,
  created,
  createSendAllWorld,
  indexOf,
  message,
  type SendAllWorld,
  subscriptionAt,
} from './send-all-world.ts'

describe.each(senders)('%s sends to all', (_name, createPushSender) => {
  let world: SendAllWorld

  beforeEach(() => {
    world = createSendAllWorld(createPushSender)
  })
  afterEach(() => vi.useRealTimers())

  describe('and tries again', () => {
    test('what may work later, with the same body, until it does', async () => {
      let fails = 2
      world.respond = () => (fails-- > 0 ? answer(503, { 'Retry-After': '0' }) : created)
      const results = await collect(world.createSender().sendAll([subscriptionAt(0)], message))
      expect(results[0]?.outcome.status).toBe('accepted')
      expect(world.requests).toHaveLength(3)
      expect(
        new Set(world.requests.map(({ body }) => Buffer.from(body ?? []).toString('hex'))).size,
      ).toBe(1)
    })

    test('four times by default, and then says so', async () => {
      world.respond = () => answer(500)
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
      const results = collect(world.createSender().sendAll([subscriptionAt(0)], message))
      await vi.waitFor(async () => {
        await vi.advanceTimersByTimeAsync(10_000)
        expect(world.requests).toHaveLength(4)
      })
      expect((await results)[0]?.outcome).toMatchObject({ status: 'retry', httpStatus: 500 })
    })

    test('while others go on in its place', async () => {
      world.respond = ({ endpoint }) =>
        indexOf({ endpoint }) === 0 ? answer(429, { 'Retry-After': '60' }) : created
      const controller = new AbortController()
      const { signal } = controller
      const targets = Array.from({ length: 5 }, (_, index) => subscriptionAt(index))
      const results = world.createSender().sendAll(targets, message, { concurrency: 1, signal })
      for (let time = 0; time < 4; time++) {
        expect((await results.next()).value).toMatchObject({ outcome: { status: 'accepted' } })
      }
      controller.abort(new Error('enough'))
      await expect(results.next()).rejects.toThrow('enough')
    })

    test('all of a long list after an outage, and reads no further meanwhile', async () => {
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
      const start = Date.now()
      world.respond = () => answer(Date.now() - start < 1000 ? 503 : 201)
      const known = subscriptionAt(0)
      let read = 0
      function* many() {
        for (; read < 1500; read++) {
          yield { ...known, endpoint: `https://push.example.net/p/${read}` }
        }
      }
      const results = collect(world.createSender().sendAll(many(), message))
      await vi.waitFor(() => expect(read).toBeGreaterThan(1000))
      await vi.advanceTimersByTimeAsync(20_000)
      expect(read).toBeLessThanOrEqual(1100)
      await vi.advanceTimersByTimeAsync(15_000)
      await vi.waitFor(() => expect(read).toBe(1500))
      const statuses = (await results).map(({ outcome }) => outcome.status)
      expect(statuses).toEqual(Array(1500).fill('accepted'))
      // Those that had failed before the rest, and one for each.
      expect(world.requests.length).toBeLessThan(1700)
    })
  })
})
