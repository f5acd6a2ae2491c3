import { beforeEach, describe, expect, test } from 'vitest'
import {
  createMemoryStore,
  createSubscriptionHandler,
  type CrossOriginOptions,
  generateVapidKeys,
  subscriptionId,
  type SubscriptionStore,
} from '../../src/server/index.ts'
import { createFakeBrowser } from './fake-browser.ts'

const { publicKey: applicationServerKey } = await generateVapidKeys()
const { subscription } = createFakeBrowser('https://push.example.net/p/one')
const id = await subscriptionId(subscription.endpoint)
const app = 'https://app.example'

let store: SubscriptionStore
beforeEach(() => {
  store = createMemoryStore()
})

/** Sends a request from a page of an origin. */
function send(
  origin: string,
  method: string,
  path: string,
  {
    headers = {},
    body = null,
    cors,
  }: {
    headers?: Record<string, string>
    body?: string | null
    cors?: CrossOriginOptions
  } = {},
): Promise<Response> {
  const handler = createSubscriptionHandler({
    store,
    applicationServerKey,
    authorize: () => ({ recipient: 'ada' }),
    limit: (request) => (request.headers.has('X-Too-Soon') ? 1000 : null),
    ...(cors && { cors }),
  })
  const all = { Origin: origin, ...headers }
  return handler(new Request(`https://api.example${path}`, { method, headers: all, body }))
}

const preflightFor = (method: string, headers = 'content-type') => ({
  'Access-Control-Request-Method': method,
  'Access-Control-Request-Headers': headers,
})

const corsHeaders = ({ headers }: Response) =>
  Object.fromEntries([...headers].filter(([name]) => name.startsWith('access-control-')))

describe('with cors', () => {
  const cors = { origins: [app, 'https://other.example:8443'] }

  test.each([
    ['PUT', '/push/subscriptions'],
    ['DELETE', `/push/subscriptions/${id}`],
    ['GET', '/push/key'],
  ])('a page of an allowed origin may %s %s', async (method, path) => {
    const headers = preflightFor(method, 'content-type, x-token')
    const response = await send(app, 'OPTIONS', path, { headers, cors })
    expect(response.status).toBe(204)
    expect(corsHeaders(response)).toEqual({
      'access-control-allow-origin': app,
      'access-control-allow-credentials': 'true',
      'access-control-allow-methods': method,
      'access-control-allow-headers': 'content-type, x-token',
      'access-control-max-age': '7200',
    })
    expect(response.headers.get('Vary')).toContain('Origin')
  })

  test('it reads the answer, and how long it is to wait', async () => {
    const body = { version: 1, subscription, applicationServerKey, client: { sdk: 'test' } }
    const headers = { 'Content-Type': 'application/json' }
    const put = { headers, body: JSON.stringify(body), cors }
    const stored = await send(app, 'PUT', '/subscriptions', put)
    expect(stored.status).toBe(200)
    expect(await stored.json()).toEqual({ status: 'ok' })
    const tooSoon = { headers: { 'X-Too-Soon': '1' }, cors }
    const removed = await send(app, 'DELETE', `/subscriptions/${id}`, { cors })
    expect(removed.status).toBe(204)
    for (const response of [stored, removed, await send(app, 'GET', '/key', tooSoon)]) {
      expect(corsHeaders(response)).toEqual({
        'access-control-allow-origin': app,
        'access-control-allow-credentials': 'true',
        'access-control-expose-headers': 'Retry-After',
      })
      expect(response.headers.get('Vary')).toBe('Origin')
    }
  })

  test.each([
    'https://app.example.evil',
    'https://evil.example',
    'http://app.example',
    'https://app.example:444',
    'https://APP.example',
    'null',
    'https://app.example, https://evil.example',
  ])('a page of %s reads nothing', async (origin) => {
    const preflight = await send(origin, 'OPTIONS', '/subscriptions', {
      headers: preflightFor('PUT'),
      cors,
    })
    expect(preflight.status).toBe(405)
    const answered = await send(origin, 'GET', '/key', { cors })
    for (const response of [preflight, answered]) {
      expect(corsHeaders(response)).toEqual({})
      expect(response.headers.get('Vary')).toBe('Origin')
    }
  })

  test('a function may decide, and cookies may be left out', async () => {
    const origins = (origin: string) => origin.endsWith('.example')
    const given = { cors: { origins, credentials: false } }
    expect(corsHeaders(await send('https://b.example', 'GET', '/key', given))).toEqual({
      'access-control-allow-origin': 'https://b.example',
      'access-control-expose-headers': 'Retry-After',
    })
    expect(corsHeaders(await send('https://b.test', 'GET', '/key', given))).toEqual({})
    expect(
      corsHeaders(await send('null', 'GET', '/key', { cors: { origins: () => true } })),
    ).toEqual({})
  })

  test('an async function allows nobody, as it cannot be waited for', async () => {
    const given = { origins: (async () => false) as unknown as () => boolean }
    expect(corsHeaders(await send(app, 'GET', '/key', { cors: given }))).toEqual({})
    const headers = preflightFor('PUT')
    expect((await send(app, 'OPTIONS', '/subscriptions', { cors: given, headers })).ok).toBe(false)
  })

  test.each(['*', 'app.example', `${app}/`, `${app}/push`, ''])('%o is no origin', (origin) => {
    expect(() => send(app, 'GET', '/key', { cors: { origins: [origin] } })).toThrow(TypeError)
  })
})

describe('what a page of any origin can send without a preflight', () => {
  /** The only types and methods that need none (Fetch standard, “CORS-safelisted”). */
  const simple = ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']

  test.each([undefined, { origins: [app] }])('changes nothing (cors: %o)', async (cors) => {
    const mine = {
      id,
      subscription,
      applicationServerKey,
      recipient: 'ada',
      tags: [],
      client: { sdk: 'test' },
      createdAt: 1,
      updatedAt: 1,
    }
    await store.put(mine)
    const body = JSON.stringify({
      version: 1,
      subscription: { ...subscription, endpoint: 'https://push.example.net/p/evil' },
      applicationServerKey,
      replaces: subscription.endpoint,
      client: { sdk: 'evil' },
    })
    for (const type of simple) {
      for (const path of ['/subscriptions', `/subscriptions/${id}`, '/key']) {
        const init = { headers: { 'Content-Type': type }, body, ...(cors && { cors }) }
        const response = await send('https://evil.example', 'POST', path, init)
        expect(response.status).toBeGreaterThanOrEqual(400)
      }
    }
    expect(await Array.fromAsync(store.list())).toEqual([mine])
  })

  test('gets no permission for more', async () => {
    for (const method of ['PUT', 'DELETE', 'POST']) {
      const headers = preflightFor(method)
      const response = await send('https://evil.example', 'OPTIONS', '/subscriptions', { headers })
      expect(response.ok).toBe(false)
      expect(corsHeaders(response)).toEqual({})
    }
  })
})
