import { beforeEach, describe, expect, test, vi } from 'vitest'
import { createHandlerWorld, expectProblem, type HandlerWorld, id } from './handler-world.ts'

let world: HandlerWorld

beforeEach(() => {
  world = createHandlerWorld()
})

describe('authorize', () => {
  test.each(['PUT', 'DELETE'])('keeps a %s out by saying null', async (method) => {
    world.handleWith({ authorize: async () => null })
    const path = method === 'PUT' ? '/subscriptions' : `/subscriptions/${id}`
    await expectProblem(await world.call(method, path), 401, { code: 'unauthorized' })
  })

  test('is given a request that can still be copied', async () => {
    await world.put({}, 'ada')
    const authorize = vi.fn((request: Request) => {
      const { headers } = new Request(request.clone())
      return { recipient: headers.get('X-User') }
    })
    world.handleWith({ authorize })
    expect((await world.put({}, 'ada')).status).toBe(200)
    // Servers for Node give every DELETE a body, if an empty one.
    const empty = new ReadableStream({ start: (controller) => controller.close() })
    const init = { headers: { 'X-User': 'ada' }, body: empty, duplex: 'half' } as RequestInit
    expect((await world.call('DELETE', `/subscriptions/${id}`, init)).status).toBe(204)
    expect(authorize).toHaveBeenCalledTimes(2)
  })

  test('may answer by itself', async () => {
    const own = new Response('wait', { status: 429, headers: { 'Retry-After': '5' } })
    world.handleWith({ authorize: () => own })
    expect(await world.put()).toBe(own)
  })
})

test.each([42, undefined, {}])('nobody is called %o', async (name) => {
  const onError = vi.fn()
  world.handleWith({ onError, authorize: () => ({ recipient: name as unknown as string }) })
  await expectProblem(await world.put(), 500, { code: 'internal' })
  expect(await world.records()).toEqual([])
})
