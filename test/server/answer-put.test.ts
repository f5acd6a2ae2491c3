import { beforeEach, describe, expect, test } from 'vitest'
import { subscriptionId } from '../../src/server/index.ts'
import {
  applicationServerKey,
  client,
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

describe('PUT /subscriptions', () => {
  test('stores the subscription for whom the request is authorized', async () => {
    const response = await world.put({ recipient: 'mallory' }, 'ada')
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({ status: 'ok' })
    expect(await world.records()).toEqual([
      {
        id,
        subscription,
        applicationServerKey,
        recipient: 'ada',
        tags: ['news'],
        client,
        createdAt: world.now,
        updatedAt: world.now,
      },
    ])
  })

  test('changes nothing but the time when it is repeated', async () => {
    await world.put({}, 'ada')
    const [first] = await world.records()
    world.now += 1000
    await world.put({}, 'ada')
    expect(await world.records()).toEqual([{ ...first, updatedAt: world.now }])
  })

  test('moves the subscription to whoever signs in on the device, and out again', async () => {
    await world.put({}, 'ada')
    await world.put({}, 'bob')
    expect(await world.records()).toMatchObject([{ recipient: 'bob' }])
    await world.put()
    expect(await world.records()).toMatchObject([{ recipient: null }])
  })

  test('leaves the tags when it names none, but not to somebody else', async () => {
    const tagsAfter = async (user: string | undefined): Promise<unknown> => {
      await world.put({ tags: undefined }, user)
      return (await world.store.get(id))?.tags
    }
    await world.put()
    expect(await tagsAfter(undefined)).toEqual(['news'])
    expect(await tagsAfter('ada')).toEqual(['news'])
    expect(await tagsAfter('ada')).toEqual(['news'])
    expect(await tagsAfter('bob')).toEqual([])
  })

  test('puts a subscription in the place of the one that it replaces', async () => {
    await world.put({}, 'ada')
    const renewed = { ...subscription, endpoint: 'https://push.example.net/p/two' }
    const createdAt = world.now
    world.now += 1000
    await world.put({ subscription: renewed, replaces: endpoint, tags: undefined }, 'ada')
    expect(await world.records()).toMatchObject([
      { subscription: renewed, tags: ['news'], createdAt, updatedAt: world.now },
    ])
  })

  test('keeps an endpoint as the browser writes it, which is what a DELETE names', async () => {
    const sent = 'https://PUSH.example.net:443/p/one/../two'
    await world.put({ subscription: { ...subscription, endpoint: sent } })
    expect(await world.records()).toMatchObject([
      { id: await subscriptionId(sent), subscription: { endpoint: sent } },
    ])
    await world.put({ replaces: sent })
    expect(await world.records()).toMatchObject([{ id }])
    await world.put({ subscription: { ...subscription, endpoint: sent }, replaces: endpoint })
    await world.call('DELETE', `/push/subscriptions/${await subscriptionId(sent)}`)
    expect(await world.records()).toEqual([])
  })

  test('takes any other text', async () => {
    await world.put({ tags: ['ü', '😀', ' '], client: { sdk: '\u0001 x', platform: '中' } })
    expect(await world.records()).toMatchObject([{ tags: ['ü', '😀', ' '] }])
  })

  test('may name itself, or an unknown one, as the one that it replaces', async () => {
    await world.put({ replaces: endpoint })
    await world.put({ replaces: 'https://push.example.net/p/never' })
    expect(await world.records()).toHaveLength(1)
  })

  test('asks for another key when the subscription was made with an old one', async () => {
    const response = await world.put({ applicationServerKey: otherKey })
    expect(await response.json()).toEqual({ status: 'rotate', applicationServerKey })
    expect(await world.records()).toMatchObject([{ applicationServerKey: otherKey }])
  })

  test('takes a local endpoint only when the policy says so', async () => {
    const local = { subscription: { ...subscription, endpoint: 'http://localhost:4000/p' } }
    await expectProblem(await world.put(local), 400, { code: 'endpoint-refused' })
    world.handleWith({ endpoints: (url) => url.hostname === 'localhost' })
    expect((await world.put(local)).status).toBe(200)
  })
})
