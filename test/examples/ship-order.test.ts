import { beforeEach, describe, expect, test, vi } from 'vitest'
import type { SubscriptionRecord } from '../../src/server/index.ts'
import { type AppWorld, openAppWorld, readBy } from './app-world.ts'

let world: AppWorld

beforeEach(async () => {
  world = await openAppWorld()
})

describe('POST /orders/:id/ship', () => {
  test('sends to every device of the visitor, and to no other’s', async () => {
    const cookie = await world.visit()
    const browser = await world.subscribe(cookie, 'one')
    await world.subscribe(cookie, 'two')
    await world.subscribe(await world.visit(), 'others')
    const bodies = await world.sentBodies()
    const report: unknown = await (await world.ship(cookie, 'a%2Fb')).json()
    expect(report).toMatchObject({ devices: 2, outcomes: { accepted: 2 }, reasons: [] })
    expect(world.sent.toSorted()).toEqual(
      ['one', 'two'].map((name) => `https://fcm.googleapis.com/fcm/send/${name}`),
    )
    const index = world.sent.indexOf(browser.subscription.endpoint)
    expect(readBy(browser, bodies[index])).toMatchObject({
      notification: { title: 'Order a/b has shipped', navigate: '/orders/a%2Fb' },
      pushwell: { data: { orderId: 'a/b' } },
    })
  })

  test('counts what came of it, and removes a subscription that is gone', async () => {
    const cookie = await world.visit()
    for (const name of ['good', 'gone', 'broken']) await world.subscribe(cookie, name)
    world.answers = { gone: 410, broken: 500 }
    const response = await world.ship(cookie)
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({
      devices: 3,
      outcomes: { accepted: 1, gone: 1, retry: 1 },
      reasons: ['service-failed'],
    })
    const left = (await world.records()).map(({ subscription }) =>
      subscription.endpoint.split('/').at(-1),
    )
    expect(new Set(left)).toEqual(new Set(['broken', 'good']))
  })

  test('goes on when one subscription cannot be sent to', async () => {
    const cookie = await world.visit()
    for (const name of ['a', 'b', 'c', 'd']) await world.subscribe(cookie, name)
    const [first, second] = await world.records()
    const change = (record: SubscriptionRecord | undefined, endpoint: string) =>
      record && world.store.put({ ...record, subscription: { ...record.subscription, endpoint } })
    await change(first, 'http://169.254.169.254/')
    await change(second, 'no address')
    const report = (await (await world.ship(cookie)).json()) as { reasons: string[] }
    expect(report).toMatchObject({ devices: 4, outcomes: { failed: 2, accepted: 2 } })
    expect(report.reasons.toSorted()).toEqual(['endpoint-refused', 'invalid-subscription'])
  })

  test('goes on when something unforeseen happens with one, and tells nothing of it', async () => {
    const cookie = await world.visit()
    for (const name of ['a', 'b']) await world.subscribe(cookie, name)
    const [first = expect.unreachable(), second = expect.unreachable()] = await world.records()
    const broken: SubscriptionRecord = {
      ...first,
      get subscription(): never {
        throw new Error('hunter2')
      },
    }
    world.store.list = async function* () {
      yield* [broken, second]
    }
    const text = await (await world.ship(cookie)).text()
    expect(JSON.parse(text)).toMatchObject({ devices: 2, outcomes: { failed: 1, accepted: 1 } })
    expect(text).not.toContain('hunter2')
  })

  test('answers 400, and why, when the message itself cannot be sent', async () => {
    const cookie = await world.visit()
    await world.subscribe(cookie, 'one')
    const response = await world.ship(cookie, 'x'.repeat(4000))
    expect(response.status).toBe(400)
    expect(await response.json()).toEqual({ error: expect.stringContaining('3993 octets') })
  })

  test.each([
    ['an error', new Error('connect to postgres://admin:hunter2@db')],
    ['an error of Node’s, which has a code too', nodeError()],
  ])('answers 500, and nothing of %s, when the server fails', async (_, error) => {
    const log = vi.spyOn(console, 'error').mockReturnValue()
    const cookie = await world.visit()
    world.store.list = () => {
      throw error
    }
    const response = await world.ship(cookie)
    expect(response.status).toBe(500)
    expect(await response.json()).toEqual({ error: 'The server failed.' })
    expect(log.mock.calls.flat().join(' ')).not.toContain('hunter2')
    log.mockRestore()
  })
})

function nodeError(): TypeError {
  try {
    return new TypeError(new URL('hunter2').href)
  } catch (error) {
    return error as TypeError
  }
}
