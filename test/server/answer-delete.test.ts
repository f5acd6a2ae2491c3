import { beforeEach, describe, expect, test, vi } from 'vitest'
import {
  createHandlerWorld,
  endpoint,
  expectProblem,
  type HandlerWorld,
  id,
} from './handler-world.ts'

let world: HandlerWorld

beforeEach(() => {
  world = createHandlerWorld()
})

describe('DELETE /subscriptions/{id}', () => {
  const remove = (user?: string): Promise<Response> =>
    world.call('DELETE', `/push/subscriptions/${id}`, { headers: user ? { 'X-User': user } : {} })

  test('forgets the subscription, and says the same when it is not there', async () => {
    await world.put({}, 'ada')
    for (const _time of [1, 2]) {
      const response = await remove('ada')
      expect(response.status).toBe(204)
      expect(await response.text()).toBe('')
      expect(await world.records()).toEqual([])
    }
  })

  test('says the same to somebody else, but the subscription stays', async () => {
    await world.put({}, 'ada')
    for (const user of ['bob', undefined]) {
      expect((await remove(user)).status).toBe(204)
      expect(await world.records()).toHaveLength(1)
    }
  })

  test('forgets what belongs to nobody, for whoever knows its id', async () => {
    await world.put()
    await remove('ada')
    expect(await world.records()).toEqual([])
  })
})

describe('DELETE /subscriptions/{id} with the endpoint', () => {
  const remove = (content: BodyInit | null, type = 'application/json'): Promise<Response> =>
    world.call('DELETE', `/push/subscriptions/${id}`, {
      headers: { 'Content-Type': type, 'X-User': 'bob' },
      body: content,
    })
  const proof = JSON.stringify({ endpoint })

  beforeEach(() => world.put({}, 'ada'))

  test('forgets the subscription whoever’s it is, and asks nobody', async () => {
    const authorize = vi.fn(() => null)
    world.handleWith({ authorize })
    for (const _time of [1, 2]) {
      const response = await remove(proof)
      expect(response.status).toBe(204)
      expect(await response.text()).toBe('')
      expect(await world.records()).toEqual([])
    }
    expect(authorize).not.toHaveBeenCalled()
  })

  test.each([
    ['another endpoint', { endpoint: `${endpoint}x` }],
    ['the id', { endpoint: id }],
    ['no endpoint', {}],
    ['none of its kind', { endpoint: [endpoint] }],
    ['null', null],
    ['a text', endpoint],
  ])('refuses %s', async (_what, content) => {
    const response = await remove(JSON.stringify(content))
    await expectProblem(response, 400, {
      code: 'invalid-argument',
      detail: expect.stringMatching(/^endpoint (?!.*push\.example)/),
    })
    expect(await world.records()).toHaveLength(1)
  })

  test.each([
    ['text/plain', proof, 415, 'not-json'],
    ['application/json', '{', 400, 'not-json'],
    ['application/json', proof + ' '.repeat(65_536), 413, 'too-large'],
  ])('refuses %s: %s', async (type, content, status, code) => {
    await expectProblem(await remove(content, type), status, { code })
    expect(await world.records()).toHaveLength(1)
  })

  test.each(['application/json', 'text/plain'])(
    'goes by who is signed in when there is a type (%s) but no body',
    async (type) => {
      for (const content of [null, '']) {
        expect((await remove(content, type)).status).toBe(204)
        expect(await world.records()).toHaveLength(1)
      }
      world.handleWith({ authorize: () => ({ recipient: 'ada' }) })
      await remove('', type)
      expect(await world.records()).toEqual([])
    },
  )
})
