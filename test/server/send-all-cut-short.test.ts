import { beforeEach, describe, expect, test } from 'vitest'
import type { SendProgress } from '../../src/server/index.ts'
import { senders } from './both-senders.ts'
import {
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

  test('stops reading, and ends what is under way, once nobody takes results', async () => {
    let isClosed = false
    let aborted = 0
    world.respond = ({ endpoint, signal }) =>
      indexOf({ endpoint }) === 0
        ? created
        : new Promise((_, reject) => {
            signal?.addEventListener('abort', () => {
              aborted += 1
              reject(signal.reason as Error)
            })
          })
    function* endless() {
      try {
        for (let index = 0; ; index++) yield subscriptionAt(index)
      } finally {
        isClosed = true
      }
    }
    for await (const { outcome } of world.createSender().sendAll(endless(), message, {
      concurrency: 5,
    })) {
      expect(outcome.status).toBe('accepted')
      await expect.poll(() => world.requests.length).toBeGreaterThan(2)
      break
    }
    await expect.poll(() => aborted).toBeGreaterThan(0)
    expect(isClosed).toBe(true)
  })

  test('throws the signal’s reason, also while all wait', async () => {
    const controller = new AbortController()
    world.respond = ({ signal }) =>
      new Promise((_, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason as Error))
        controller.abort(new Error('enough'))
      })
    const { signal } = controller
    const targets = [0, 1, 2].map((index) => subscriptionAt(index))
    await expect(
      collect(world.createSender().sendAll(targets, message, { signal })),
    ).rejects.toThrow('enough')
    await expect(
      collect(world.createSender().sendAll(targets, message, { signal })),
    ).rejects.toThrow('enough')
  })

  test('throws for a message that is none, and what the source throws', async () => {
    const wrong = { notification: { title: 5 } } as never
    await expect(
      collect(world.createSender().sendAll([subscriptionAt(0)], wrong)),
    ).rejects.toMatchObject({ code: 'invalid-message' })
    function* broken() {
      yield subscriptionAt(0)
      throw new Error('the database is gone')
    }
    await expect(collect(world.createSender().sendAll(broken(), message))).rejects.toThrow(
      'database',
    )
    expect(() => world.createSender().sendAll([], message, { concurrency: 0 })).toThrow(
      'concurrency',
    )
    expect(() => world.createSender().sendAll([], message, { attempts: 0.5 })).toThrow('attempts')
  })

  test('gives the outcomes of all that it sent before it throws what the source threw', async () => {
    world.respond = async () => {
      await new Promise((resolve) => setImmediate(resolve))
      return created
    }
    function* broken() {
      for (let index = 0; index < 20; index++) yield subscriptionAt(index)
      throw new Error('the database is gone')
    }
    async function* brokenLater() {
      yield* broken()
    }
    for (const source of [broken(), brokenLater()]) {
      world.requests.length = 0
      const outcomes: string[] = []
      const reports: SendProgress[] = []
      const sending = async (): Promise<void> => {
        const onProgress = (progress: SendProgress): void => void reports.push(progress)
        for await (const { outcome } of world
          .createSender()
          .sendAll(source, message, { onProgress })) {
          outcomes.push(outcome.status)
        }
      }
      await expect(sending()).rejects.toThrow('database')
      expect(outcomes).toEqual(Array(20).fill('accepted'))
      expect(world.requests).toHaveLength(20)
      expect(reports.at(-1)).toMatchObject({ done: 20, accepted: 20 })
    }
  })

  test('gives the outcomes that are known before it throws the signal’s reason', async () => {
    const controller = new AbortController()
    const { signal } = controller
    const reports: SendProgress[] = []
    const onProgress = (progress: SendProgress): void => void reports.push(progress)
    let answered = 0
    world.respond = () => {
      answered += 1
      return created
    }
    const targets = Array.from({ length: 30 }, (_, index) => subscriptionAt(index))
    const options = { signal, onProgress, concurrency: 5 }
    let taken = 0
    const sending = async (): Promise<void> => {
      for await (const { outcome } of world.createSender().sendAll(targets, message, options)) {
        expect(outcome.status).toBe('accepted')
        if (++taken > 1) continue
        await expect.poll(() => answered).toBeGreaterThanOrEqual(5)
        await new Promise((resolve) => setImmediate(resolve))
        controller.abort(new Error('enough'))
      }
    }
    await expect(sending()).rejects.toThrow('enough')
    expect(taken).toBeGreaterThanOrEqual(5)
    expect(reports.at(-1)?.done).toBe(taken)
  })

  test('gives all outcomes before it throws what onProgress threw', async () => {
    let now = 0
    const targets = Array.from({ length: 30 }, (_, index) => subscriptionAt(index))
    const onProgress = ({ done }: SendProgress): void => {
      throw new Error(`the page is gone at ${done}`)
    }
    const statuses: string[] = []
    const sender = world.createSender({ now: () => (now += 300) })
    const sending = async (): Promise<void> => {
      for await (const { outcome } of sender.sendAll(targets, message, { onProgress })) {
        statuses.push(outcome.status)
      }
    }
    await expect(sending()).rejects.toThrow('the page is gone at 1')
    expect(statuses).toEqual(Array(30).fill('accepted'))
  })
})
