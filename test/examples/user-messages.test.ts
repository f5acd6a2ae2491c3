import { beforeEach, describe, expect, test } from 'vitest'
import { type AppWorld, keys, openAppWorld, readBy } from './app-world.ts'

let world: AppWorld

beforeEach(async () => {
  world = await openAppWorld()
})

function sendTo(user: string, body: unknown): Promise<Response> {
  const headers = { 'Content-Type': 'application/json' }
  const init = { headers, body: JSON.stringify(body) }
  return world.request('POST', `/users/${encodeURIComponent(user)}/messages`, init)
}

describe('a message says whom it is for', () => {
  test('when that is a user, but not when it is a visitor', async () => {
    const bodies = await world.sentBodies()
    const visitor = await world.visit()
    const browser = await world.subscribe(visitor, 'one')
    await world.ship(visitor)
    expect(readBy(browser, bodies[0])).not.toHaveProperty('pushwell.recipient')
    const cookie = await world.signIn(visitor, 'ada')
    const hers = await world.subscribe(cookie, 'one')
    await world.ship(cookie)
    expect(readBy(hers, bodies[1])).toHaveProperty('pushwell.recipient', 'ada')
  })
})

describe('POST /users/:user/messages', () => {
  test('sends to every device of the user, and to no other’s', async () => {
    const bodies = await world.sentBodies()
    const browser = await world.subscribe(await world.signIn(await world.visit(), 'ada'), 'one')
    await world.subscribe(await world.signIn(await world.visit(), 'bob'), 'others')
    await world.subscribe(await world.visit(), 'visitors')
    const report: unknown = await (await sendTo('ada', { orderId: 'a/b' })).json()
    expect(report).toMatchObject({ devices: 1, outcomes: { accepted: 1 }, reasons: [] })
    expect(readBy(browser, bodies[0])).toMatchObject({
      pushwell: { recipient: 'ada', data: { orderId: 'a/b' } },
    })
  })

  test('sends to nobody where the user has signed out', async () => {
    const browser = await world.subscribe(await world.signIn(await world.visit(), 'ada'), 'one')
    const { publicKey: applicationServerKey } = keys
    const { subscription } = browser
    const client = { sdk: 'test' }
    const response = await world.request('PUT', '/push/subscriptions', {
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({
        version: 1,
        subscription,
        applicationServerKey,
        client,
        signedOut: true,
      }),
    })
    expect(response.status).toBe(200)
    expect(await (await sendTo('ada', { orderId: '1' })).json()).toMatchObject({ devices: 0 })
    expect(world.sent).toEqual([])
  })

  test.each([
    ['no order', 'ada', {}, 400],
    ['an empty one', 'ada', { orderId: '' }, 400],
    ['none that is text', 'ada', { orderId: 5 }, 400],
    ['null', 'ada', null, 400],
    ['a name that nobody can have', 'x'.repeat(101), { orderId: '1' }, 404],
  ])('refuses %s', async (_what, user, body, status) => {
    const response = await sendTo(user, body)
    expect(response.status).toBe(status)
    expect(await response.json()).toEqual({ error: expect.any(String) })
  })
})
