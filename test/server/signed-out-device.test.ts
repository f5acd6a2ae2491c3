import { beforeEach, describe, expect, test, vi } from 'vitest'
import type { SubscriptionHandlerOptions } from '../../src/server/index.ts'
import {
  applicationServerKey,
  createHandlerWorld,
  endpoint,
  expectProblem,
  type HandlerWorld,
  id,
  otherKey,
  subscription,
} from './handler-world.ts'

let world: HandlerWorld

beforeEach(() => {
  world = createHandlerWorld()
})

describe('PUT /subscriptions of a device where nobody is signed in any more', () => {
  const signOut = (change: object = {}, user?: string): Promise<Response> =>
    world.put({ signedOut: true, tags: undefined, ...change }, user)
  const own = (): Response => new Response('wait', { status: 429 })

  test('forgets whose it was and its tags, whatever credentials come along', async () => {
    for (const user of ['ada', 'bob', undefined]) {
      await world.put({}, 'ada')
      const response = await signOut({}, user)
      expect(await response.json()).toEqual({ status: 'ok' })
      expect(await world.records()).toMatchObject([
        { id, recipient: null, tags: [], createdAt: world.now },
      ])
    }
  })

  test.each<[string, SubscriptionHandlerOptions['authorize']]>([
    ['says null', () => null],
    ['answers by itself', own],
    ['throws', () => Promise.reject(new Error('bad token'))],
  ])('does so also when authorize %s', async (_what, authorize) => {
    await world.put({}, 'ada')
    world.handleWith({ authorize })
    expect((await signOut()).status).toBe(200)
    expect(await world.records()).toMatchObject([{ recipient: null, tags: [] }])
  })

  test('keeps the tags that it names', async () => {
    await world.put({}, 'ada')
    await signOut({ tags: ['anyone'] })
    expect(await world.records()).toMatchObject([{ recipient: null, tags: ['anyone'] }])
  })

  test('keeps no tags either that were nobody’s', async () => {
    await world.put()
    await signOut()
    expect(await world.records()).toMatchObject([{ recipient: null, tags: [] }])
  })

  test('is told of by whoever knows the endpoint that it replaces', async () => {
    await world.put({}, 'ada')
    world.handleWith({ authorize: () => null })
    const renewed = { ...subscription, endpoint: 'https://push.example.net/p/two' }
    await signOut({ subscription: renewed, replaces: endpoint })
    expect(await world.records()).toMatchObject([
      { subscription: renewed, recipient: null, tags: [] },
    ])
  })

  test('belongs to whoever signs in next', async () => {
    await world.put({}, 'ada')
    await signOut({}, 'ada')
    await world.put({}, 'bob')
    expect(await world.records()).toMatchObject([{ recipient: 'bob', tags: ['news'] }])
  })

  test('is not taken away by a sign-in of before that comes again', async () => {
    await world.put({}, 'ada')
    await signOut()
    await world.put({}, 'bob')
    await world.put({}, 'bob')
    expect(await world.records()).toMatchObject([{ recipient: 'bob' }])
  })

  test('is stored as nobody’s when it is not known, for who may store one', async () => {
    expect((await signOut({}, 'ada')).status).toBe(200)
    expect(await world.records()).toMatchObject([{ id, recipient: null, tags: [] }])
  })

  test.each([
    ['says null', () => null],
    ['answers by itself', own],
  ])('is not stored when it is not known and authorize %s', async (_what, authorize) => {
    world.handleWith({ authorize })
    const replaces = 'https://push.example.net/p/never'
    expect(await (await signOut({ replaces })).json()).toEqual({ status: 'ok' })
    const rotate = await signOut({ applicationServerKey: otherKey })
    expect(await rotate.json()).toEqual({ status: 'rotate', applicationServerKey })
    expect(await world.records()).toEqual([])
  })

  test('is to be told of again when it is not known and nobody can say who may', async () => {
    const onError = vi.fn()
    world.handleWith({ onError, authorize: () => Promise.reject(new Error('no database')) })
    await expectProblem(await signOut(), 500, { code: 'internal' })
    expect(onError).toHaveBeenCalledOnce()
    expect(await world.records()).toEqual([])
  })

  test('is refused like any other when something else in it is wrong', async () => {
    await world.put({}, 'ada')
    await expectProblem(await signOut({ client: {} }, 'ada'), 400, { code: 'invalid-argument' })
    world.handleWith({ authorize: () => null })
    await expectProblem(await signOut({ client: {} }), 401, { code: 'unauthorized' })
    expect(await world.records()).toMatchObject([{ recipient: 'ada' }])
  })
})
