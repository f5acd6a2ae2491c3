import { beforeEach, describe, expect, test } from 'vitest'
import {
  applicationServerKey,
  createHandlerWorld,
  expectProblem,
  type HandlerWorld,
  id,
} from './handler-world.ts'

let world: HandlerWorld

beforeEach(() => {
  world = createHandlerWorld()
})

describe('GET /key', () => {
  test('gives the key without asking who it is for', async () => {
    world.handleWith({ authorize: () => null })
    const response = await world.call('GET', '/push/key')
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({ applicationServerKey })
  })

  test('gives base64url also when the key was given as bytes', async () => {
    const bytes = new Uint8Array(Buffer.from(applicationServerKey, 'base64url'))
    world.handleWith({ applicationServerKey: bytes })
    expect(await (await world.call('GET', '/key')).json()).toEqual({ applicationServerKey })
  })
})

describe('routes', () => {
  test.each([
    ['GET', '/push'],
    ['GET', '/push/keys'],
    ['GET', '/pushkey'],
    ['PUT', '/push/subscriptions/'],
    ['POST', '/push/receipts'],
    ['DELETE', '/push/subscriptions/abc'],
    ['DELETE', `/push/subscriptions/${id.toUpperCase()}`],
    ['DELETE', `/push/subscriptions/${id}0`],
  ])('%s %s is not found', async (method, path) => {
    await expectProblem(await world.call(method, path), 404, { code: 'not-found' })
  })

  test.each([
    ['PUT', '/push/key', 'GET'],
    ['HEAD', '/push/key', 'GET'],
    ['GET', '/push/subscriptions', 'PUT'],
    ['POST', '/push/subscriptions', 'PUT'],
    ['PUT', `/push/subscriptions/${id}`, 'DELETE'],
  ])('%s %s is not allowed, but %s is', async (method, path, allowed) => {
    const response = await world.call(method, path)
    expect(response.headers.get('Allow')).toBe(allowed)
    await expectProblem(response, 405, { code: 'method-not-allowed' })
  })

  test('without a path are found wherever the handler is mounted', async () => {
    for (const path of ['/key', '/a/b/key', '/key?x=1']) {
      expect((await world.call('GET', path)).status).toBe(200)
    }
  })

  test.each(['/push', '/push/'])('with the path %s are found there alone', async (path) => {
    world.handleWith({ path })
    expect((await world.call('GET', '/push/key')).status).toBe(200)
    for (const elsewhere of ['/key', '/a/push/key', '/push/a/key', '/pushy/key']) {
      expect((await world.call('GET', elsewhere)).status).toBe(404)
    }
  })
})
