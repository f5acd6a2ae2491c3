import { beforeEach, describe, expect, test, vi } from 'vitest'
import { createHandlerWorld, expectProblem, type HandlerWorld, id } from './handler-world.ts'

let world: HandlerWorld

beforeEach(() => {
  world = createHandlerWorld()
})

describe('what fails inside', () => {
  const secret = new Error('connect ECONNREFUSED postgres://admin:hunter2@db')

  test.each(['get', 'put', 'remove'] as const)(
    '%s of the store: 503, no details',
    async (method) => {
      const onError = vi.fn()
      world.store = { ...world.store, [method]: () => Promise.reject(secret) }
      world.handleWith({ onError })
      const response = await (method === 'remove'
        ? world.call('DELETE', `/subscriptions/${id}`)
        : world.put())
      const text = await response.clone().text()
      await expectProblem(response, 503, { code: 'store-failed' })
      expect(text).not.toMatch(/postgres|hunter2/)
      expect(onError).toHaveBeenCalledExactlyOnceWith(secret)
    },
  )

  test('a store that throws at once: 503 as well', async () => {
    world.store.get = () => {
      throw secret
    }
    await expectProblem(await world.put(), 503, { code: 'store-failed' })
  })

  test('authorize: 500, no details', async () => {
    const onError = vi.fn()
    world.handleWith({ onError, authorize: () => Promise.reject(secret) })
    const response = await world.put()
    expect(await response.clone().text()).not.toMatch(/postgres|hunter2/)
    await expectProblem(response, 500, { code: 'internal' })
    expect(onError).toHaveBeenCalledExactlyOnceWith(secret)
  })

  test.each(['OPTIONS', 'PUT', 'GET'])('cors.origins, asked about %s: 500', async (method) => {
    const onError = vi.fn()
    const origins = () => {
      throw secret
    }
    world.handleWith({ onError, cors: { origins } })
    const headers = { Origin: 'https://a.example', 'Access-Control-Request-Method': 'PUT' }
    const response = await world.call(method, '/subscriptions', { headers })
    await expectProblem(response, 500, { code: 'internal' })
    expect(response.headers.get('Access-Control-Allow-Origin')).toBeNull()
    expect(onError).toHaveBeenCalledExactlyOnceWith(secret)
  })

  test.each<[string, () => void]>([
    [
      'throws',
      () => {
        throw new Error('no logger')
      },
    ],
    ['rejects', () => Promise.reject(new Error('no logger'))],
  ])('an onError that %s changes no answer', async (_how, onError) => {
    const unhandled = vi.fn()
    process.on('unhandledRejection', unhandled)
    world.handleWith({ onError, authorize: () => Promise.reject(secret) })
    await expectProblem(await world.put(), 500, { code: 'internal' })
    world.store.get = () => Promise.reject(secret)
    world.handleWith({ onError })
    await expectProblem(await world.put(), 503, { code: 'store-failed' })
    await new Promise((resolve) => setImmediate(resolve))
    process.off('unhandledRejection', unhandled)
    expect(unhandled).not.toHaveBeenCalled()
  })

  test('an answer of authorize that cannot be sent twice: 500', async () => {
    const own = new Response('no', { status: 403 })
    world.handleWith({ authorize: () => own, cors: { origins: ['https://a.example'] } })
    expect(await (await world.put()).text()).toBe('no')
    await expectProblem(await world.put(), 500, { code: 'internal' })
  })

  test('a wrong key is refused as the handler is made', () => {
    expect(() => world.handleWith({ applicationServerKey: 'abc' })).toThrow(TypeError)
  })

  test('so is a host that no endpoint can have', () => {
    const endpoints = { hosts: ['https://Push.example/'] }
    expect(() => world.handleWith({ endpoints })).toThrow('endpoints.hosts')
  })
})
