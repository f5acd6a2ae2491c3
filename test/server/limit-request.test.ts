import { beforeEach, describe, expect, test, vi } from 'vitest'
import { createHandlerWorld, expectProblem, type HandlerWorld } from './handler-world.ts'

let world: HandlerWorld

beforeEach(() => {
  world = createHandlerWorld()
})

describe('limit', () => {
  test('sends away who comes too soon, before anybody is asked or anything read', async () => {
    const authorize = vi.fn(() => null)
    world.handleWith({ authorize, limit: () => 4100 })
    for (const response of [await world.put(), await world.call('GET', '/key')]) {
      expect(response.headers.get('Retry-After')).toBe('5')
      await expectProblem(response, 429, { code: 'rate-limited' })
    }
    expect(authorize).not.toHaveBeenCalled()
    expect(await world.records()).toEqual([])
  })

  test.each([0, null])('lets pass for %o', async (wait) => {
    world.handleWith({ limit: async () => wait })
    expect((await world.put()).status).toBe(200)
  })

  test.each([Infinity, 1e300, 86_400_001])('is a day at the most: %o', async (wait) => {
    world.handleWith({ limit: () => wait })
    expect((await world.put()).headers.get('Retry-After')).toBe('86400')
  })

  test.each([NaN, '5000'])('that gives %o: 500', async (wait) => {
    const onError = vi.fn()
    world.handleWith({ onError, limit: () => wait as number })
    await expectProblem(await world.put(), 500, { code: 'internal' })
    expect(onError).toHaveBeenCalledOnce()
  })

  test('is given the very request', async () => {
    const limit = vi.fn(() => null)
    const request = new Request('https://app.example/key')
    await world.handleWith({ limit })(request)
    expect(limit).toHaveBeenCalledExactlyOnceWith(request)
    expect(limit.mock.calls[0]?.at(0)).toBe(request)
  })

  test('that throws: 500, no details', async () => {
    const onError = vi.fn()
    const error = new Error('hunter2')
    world.handleWith({ onError, limit: () => Promise.reject(error) })
    await expectProblem(await world.put(), 500, { code: 'internal' })
    expect(onError).toHaveBeenCalledExactlyOnceWith(error)
  })
})
