import { beforeEach, describe, expect, test, vi } from 'vitest'
import {
  createMemoryStore,
  createSubscriptionHandler,
  generateVapidKeys,
  subscriptionId,
  type SubscriptionHandler,
  type SubscriptionHandlerOptions,
  type SubscriptionRecord,
  type SubscriptionStore,
} from '../../src/server/index.ts'
import { createFakeBrowser } from './fake-browser.ts'

const { publicKey: applicationServerKey } = await generateVapidKeys()
const { publicKey: otherKey } = await generateVapidKeys()
const endpoint = 'https://push.example.net/p/one'
const { subscription } = createFakeBrowser(endpoint)
const id = await subscriptionId(endpoint)
const body = {
  version: 1,
  subscription,
  applicationServerKey,
  tags: ['news'],
  client: { sdk: 'pushwell/0.1.0', language: 'de-AT' },
}

let store: SubscriptionStore
let now: number
let handler: SubscriptionHandler

beforeEach(() => {
  store = createMemoryStore()
  now = 1_800_000_000_000
  handler = createHandler()
})

function createHandler(options: Partial<SubscriptionHandlerOptions> = {}): SubscriptionHandler {
  return createSubscriptionHandler({
    store,
    applicationServerKey,
    authorize: (request) => ({ recipient: request.headers.get('X-User') }),
    now: () => now,
    ...options,
  })
}

function call(method: string, path: string, init: RequestInit = {}): Promise<Response> {
  return handler(new Request(`https://app.example${path}`, { method, ...init }))
}

function put(change: object = {}, user?: string): Promise<Response> {
  const headers = { 'Content-Type': 'application/json', ...(user && { 'X-User': user }) }
  return call('PUT', '/push/subscriptions', {
    headers,
    body: JSON.stringify({ ...body, ...change }),
  })
}

async function records(): Promise<SubscriptionRecord[]> {
  const all: SubscriptionRecord[] = []
  for await (const record of store.list()) all.push(record)
  return all
}

async function expectProblem(response: Response, status: number, problem: object): Promise<void> {
  expect(response.status).toBe(status)
  expect(response.headers.get('Content-Type')).toBe('application/problem+json')
  expect(await response.json()).toMatchObject({ type: 'about:blank', status, ...problem })
}

describe('GET /key', () => {
  test('gives the key without asking who it is for', async () => {
    handler = createHandler({ authorize: () => null })
    const response = await call('GET', '/push/key')
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({ applicationServerKey })
  })

  test('gives base64url also when the key was given as bytes', async () => {
    const bytes = new Uint8Array(Buffer.from(applicationServerKey, 'base64url'))
    handler = createHandler({ applicationServerKey: bytes })
    expect(await (await call('GET', '/key')).json()).toEqual({ applicationServerKey })
  })
})

describe('PUT /subscriptions', () => {
  test('stores the subscription for whom the request is authorized', async () => {
    const response = await put({ recipient: 'mallory' }, 'ada')
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({ status: 'ok' })
    expect(await records()).toEqual([
      {
        id,
        subscription,
        applicationServerKey,
        recipient: 'ada',
        tags: ['news'],
        client: body.client,
        createdAt: now,
        updatedAt: now,
      },
    ])
  })

  test('changes nothing but the time when it is repeated', async () => {
    await put({}, 'ada')
    const [first] = await records()
    now += 1000
    await put({}, 'ada')
    expect(await records()).toEqual([{ ...first, updatedAt: now }])
  })

  test('moves the subscription to whoever signs in on the device, and out again', async () => {
    await put({}, 'ada')
    await put({}, 'bob')
    expect(await records()).toMatchObject([{ recipient: 'bob' }])
    await put()
    expect(await records()).toMatchObject([{ recipient: null }])
  })

  test('leaves the tags when it names none, but not to somebody else', async () => {
    const tagsAfter = async (user: string | undefined): Promise<unknown> => {
      await put({ tags: undefined }, user)
      return (await store.get(id))?.tags
    }
    await put()
    expect(await tagsAfter(undefined)).toEqual(['news'])
    expect(await tagsAfter('ada')).toEqual(['news'])
    expect(await tagsAfter('ada')).toEqual(['news'])
    expect(await tagsAfter('bob')).toEqual([])
  })

  test('puts a subscription in the place of the one that it replaces', async () => {
    await put({}, 'ada')
    const renewed = { ...subscription, endpoint: 'https://push.example.net/p/two' }
    const createdAt = now
    now += 1000
    await put({ subscription: renewed, replaces: endpoint, tags: undefined }, 'ada')
    expect(await records()).toMatchObject([
      { subscription: renewed, tags: ['news'], createdAt, updatedAt: now },
    ])
  })

  test('keeps an endpoint as the browser writes it, which is what a DELETE names', async () => {
    const sent = 'https://PUSH.example.net:443/p/one/../two'
    await put({ subscription: { ...subscription, endpoint: sent } })
    expect(await records()).toMatchObject([
      { id: await subscriptionId(sent), subscription: { endpoint: sent } },
    ])
    await put({ replaces: sent })
    expect(await records()).toMatchObject([{ id }])
    await put({ subscription: { ...subscription, endpoint: sent }, replaces: endpoint })
    await call('DELETE', `/push/subscriptions/${await subscriptionId(sent)}`)
    expect(await records()).toEqual([])
  })

  test('takes any other text', async () => {
    await put({ tags: ['ü', '😀', ' '], client: { sdk: '\u0001 x', platform: '中' } })
    expect(await records()).toMatchObject([{ tags: ['ü', '😀', ' '] }])
  })

  test('may name itself, or an unknown one, as the one that it replaces', async () => {
    await put({ replaces: endpoint })
    await put({ replaces: 'https://push.example.net/p/never' })
    expect(await records()).toHaveLength(1)
  })

  test('asks for another key when the subscription was made with an old one', async () => {
    const response = await put({ applicationServerKey: otherKey })
    expect(await response.json()).toEqual({ status: 'rotate', applicationServerKey })
    expect(await records()).toMatchObject([{ applicationServerKey: otherKey }])
  })

  test.each<[string, object, string]>([
    ['version', { version: 2 }, 'invalid-argument'],
    ['version', { version: '1' }, 'invalid-argument'],
    ['subscription', { subscription: null }, 'invalid-subscription'],
    ['subscription.keys', { subscription: { endpoint } }, 'invalid-subscription'],
    [
      'subscription.keys.p256dh',
      { subscription: { endpoint, keys: { ...subscription.keys, p256dh: `BB${'A'.repeat(85)}` } } },
      'invalid-subscription',
    ],
    [
      'subscription.endpoint',
      { subscription: { ...subscription, endpoint: 'https://169.254.169.254/latest' } },
      'endpoint-refused',
    ],
    [
      'subscription.endpoint',
      { subscription: { ...subscription, endpoint: 'http://push.example.net/p' } },
      'endpoint-refused',
    ],
    [
      'subscription.endpoint',
      { subscription: { ...subscription, endpoint: endpoint.padEnd(2049, 'x') } },
      'invalid-subscription',
    ],
    ['replaces', { replaces: endpoint.padEnd(2049, 'x') }, 'invalid-argument'],
    ['applicationServerKey', { applicationServerKey: 5 }, 'invalid-application-server-key'],
    ['applicationServerKey', { applicationServerKey: 4e9 }, 'invalid-application-server-key'],
    [
      'applicationServerKey',
      { applicationServerKey: { toString: 'x' } },
      'invalid-application-server-key',
    ],
    [
      'applicationServerKey',
      { applicationServerKey: `${otherKey}=` },
      'invalid-application-server-key',
    ],
    ...[false, null, 'true', 1].map((signedOut): [string, object, string] => [
      'signedOut',
      { signedOut },
      'invalid-argument',
    ]),
    ['replaces', { replaces: 'abc' }, 'invalid-argument'],
    ['replaces', { replaces: null }, 'invalid-argument'],
    ['tags', { tags: 'news' }, 'invalid-argument'],
    ['tags', { tags: [''] }, 'invalid-argument'],
    ['tags', { tags: [{}] }, 'invalid-argument'],
    ['tags', { tags: Array.from({ length: 101 }, String) }, 'invalid-argument'],
    ['client', { client: undefined }, 'invalid-argument'],
    ['client.sdk', { client: {} }, 'invalid-argument'],
    ['client.language', { client: { sdk: 'x', language: 5 } }, 'invalid-argument'],
    ['client.timeZone', { client: { sdk: 'x', timeZone: 'x'.repeat(201) } }, 'invalid-argument'],
    // What a database may not be able to keep
    ...['\0', 'a\uD800', '\uDC00b'].flatMap((text): [string, object, string][] => [
      ['tags', { tags: ['news', text] }, 'invalid-argument'],
      ...['sdk', 'language', 'timeZone', 'platform'].map((field): [string, object, string] => [
        `client.${field}`,
        { client: { sdk: 'x', [field]: text } },
        'invalid-argument',
      ]),
      ['replaces', { replaces: endpoint + text }, 'invalid-argument'],
      [
        'applicationServerKey',
        { applicationServerKey: applicationServerKey + text },
        'invalid-application-server-key',
      ],
      [
        'subscription.endpoint',
        { subscription: { ...subscription, endpoint: endpoint + text } },
        'invalid-subscription',
      ],
      [
        'subscription.keys.auth',
        { subscription: { endpoint, keys: { ...subscription.keys, auth: text } } },
        'invalid-subscription',
      ],
      [
        'subscription.keys.p256dh',
        { subscription: { endpoint, keys: { ...subscription.keys, p256dh: text } } },
        'invalid-subscription',
      ],
    ]),
  ])('refuses a wrong %s: %o', async (field, change, code) => {
    await expectProblem(await put(change), 400, {
      code,
      detail: expect.stringMatching(new RegExp(`^${field.replaceAll('.', '\\.')} `)),
    })
    expect(await records()).toEqual([])
  })

  test.each([
    ['text/plain', '{}', 415, 'not-json'],
    ['application/jsonp', '{}', 415, 'not-json'],
    ['application/json', '{', 400, 'not-json'],
    ['application/json', '', 400, 'not-json'],
    ['application/json', '[]', 400, 'invalid-argument'],
    ['application/json; charset=utf-8', 'null', 400, 'invalid-argument'],
    ['Application/JSON', new Uint8Array([0x22, 0xff, 0x22]), 400, 'not-json'],
    ['application/json', `"${'x'.repeat(65_535)}"`, 413, 'too-large'],
  ])('refuses %s: %s', async (type, content, status, code) => {
    const headers = { 'Content-Type': type }
    const response = await call('PUT', '/subscriptions', { headers, body: content })
    await expectProblem(response, status, { code })
  })

  test('stops reading a body that has no end', async () => {
    let given = 0
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        given += 10_000
        controller.enqueue(new Uint8Array(10_000).fill(0x20))
      },
    })
    const headers = { 'Content-Type': 'application/json' }
    const init = { headers, body: endless, duplex: 'half' } as RequestInit
    await expectProblem(await call('PUT', '/subscriptions', init), 413, { code: 'too-large' })
    expect(given).toBeLessThan(100_000)
  })

  test('takes a local endpoint only when the policy says so', async () => {
    const local = { subscription: { ...subscription, endpoint: 'http://localhost:4000/p' } }
    await expectProblem(await put(local), 400, { code: 'endpoint-refused' })
    handler = createHandler({ endpoints: (url) => url.hostname === 'localhost' })
    expect((await put(local)).status).toBe(200)
  })
})

describe('PUT /subscriptions of a device where nobody is signed in any more', () => {
  const signOut = (change: object = {}, user?: string): Promise<Response> =>
    put({ signedOut: true, tags: undefined, ...change }, user)
  const own = (): Response => new Response('wait', { status: 429 })

  test('forgets whose it was and its tags, whatever credentials come along', async () => {
    for (const user of ['ada', 'bob', undefined]) {
      await put({}, 'ada')
      const response = await signOut({}, user)
      expect(await response.json()).toEqual({ status: 'ok' })
      expect(await records()).toMatchObject([{ id, recipient: null, tags: [], createdAt: now }])
    }
  })

  test.each<[string, SubscriptionHandlerOptions['authorize']]>([
    ['says null', () => null],
    ['answers by itself', own],
    ['throws', () => Promise.reject(new Error('bad token'))],
  ])('does so also when authorize %s', async (_what, authorize) => {
    await put({}, 'ada')
    handler = createHandler({ authorize })
    expect((await signOut()).status).toBe(200)
    expect(await records()).toMatchObject([{ recipient: null, tags: [] }])
  })

  test('keeps the tags that it names', async () => {
    await put({}, 'ada')
    await signOut({ tags: ['anyone'] })
    expect(await records()).toMatchObject([{ recipient: null, tags: ['anyone'] }])
  })

  test('keeps no tags either that were nobody’s', async () => {
    await put()
    await signOut()
    expect(await records()).toMatchObject([{ recipient: null, tags: [] }])
  })

  test('is told of by whoever knows the endpoint that it replaces', async () => {
    await put({}, 'ada')
    handler = createHandler({ authorize: () => null })
    const renewed = { ...subscription, endpoint: 'https://push.example.net/p/two' }
    await signOut({ subscription: renewed, replaces: endpoint })
    expect(await records()).toMatchObject([{ subscription: renewed, recipient: null, tags: [] }])
  })

  test('belongs to whoever signs in next', async () => {
    await put({}, 'ada')
    await signOut({}, 'ada')
    await put({}, 'bob')
    expect(await records()).toMatchObject([{ recipient: 'bob', tags: ['news'] }])
  })

  test('is not taken away by a sign-in of before that comes again', async () => {
    await put({}, 'ada')
    await signOut()
    await put({}, 'bob')
    await put({}, 'bob')
    expect(await records()).toMatchObject([{ recipient: 'bob' }])
  })

  test('is stored as nobody’s when it is not known, for who may store one', async () => {
    expect((await signOut({}, 'ada')).status).toBe(200)
    expect(await records()).toMatchObject([{ id, recipient: null, tags: [] }])
  })

  test.each([
    ['says null', () => null],
    ['answers by itself', own],
  ])('is not stored when it is not known and authorize %s', async (_what, authorize) => {
    handler = createHandler({ authorize })
    const replaces = 'https://push.example.net/p/never'
    expect(await (await signOut({ replaces })).json()).toEqual({ status: 'ok' })
    const rotate = await signOut({ applicationServerKey: otherKey })
    expect(await rotate.json()).toEqual({ status: 'rotate', applicationServerKey })
    expect(await records()).toEqual([])
  })

  test('is to be told of again when it is not known and nobody can say who may', async () => {
    const onError = vi.fn()
    handler = createHandler({ onError, authorize: () => Promise.reject(new Error('no database')) })
    await expectProblem(await signOut(), 500, { code: 'internal' })
    expect(onError).toHaveBeenCalledOnce()
    expect(await records()).toEqual([])
  })

  test('is refused like any other when something else in it is wrong', async () => {
    await put({}, 'ada')
    await expectProblem(await signOut({ client: {} }, 'ada'), 400, { code: 'invalid-argument' })
    handler = createHandler({ authorize: () => null })
    await expectProblem(await signOut({ client: {} }), 401, { code: 'unauthorized' })
    expect(await records()).toMatchObject([{ recipient: 'ada' }])
  })
})

describe('DELETE /subscriptions/{id}', () => {
  const remove = (user?: string): Promise<Response> =>
    call('DELETE', `/push/subscriptions/${id}`, { headers: user ? { 'X-User': user } : {} })

  test('forgets the subscription, and says the same when it is not there', async () => {
    await put({}, 'ada')
    for (const _time of [1, 2]) {
      const response = await remove('ada')
      expect(response.status).toBe(204)
      expect(await response.text()).toBe('')
      expect(await records()).toEqual([])
    }
  })

  test('says the same to somebody else, but the subscription stays', async () => {
    await put({}, 'ada')
    for (const user of ['bob', undefined]) {
      expect((await remove(user)).status).toBe(204)
      expect(await records()).toHaveLength(1)
    }
  })

  test('forgets what belongs to nobody, for whoever knows its id', async () => {
    await put()
    await remove('ada')
    expect(await records()).toEqual([])
  })
})

describe('DELETE /subscriptions/{id} with the endpoint', () => {
  const remove = (content: BodyInit | null, type = 'application/json'): Promise<Response> =>
    call('DELETE', `/push/subscriptions/${id}`, {
      headers: { 'Content-Type': type, 'X-User': 'bob' },
      body: content,
    })
  const proof = JSON.stringify({ endpoint })

  beforeEach(() => put({}, 'ada'))

  test('forgets the subscription whoever’s it is, and asks nobody', async () => {
    const authorize = vi.fn(() => null)
    handler = createHandler({ authorize })
    for (const _time of [1, 2]) {
      const response = await remove(proof)
      expect(response.status).toBe(204)
      expect(await response.text()).toBe('')
      expect(await records()).toEqual([])
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
    expect(await records()).toHaveLength(1)
  })

  test.each([
    ['text/plain', proof, 415, 'not-json'],
    ['application/json', '{', 400, 'not-json'],
    ['application/json', proof + ' '.repeat(65_536), 413, 'too-large'],
  ])('refuses %s: %s', async (type, content, status, code) => {
    await expectProblem(await remove(content, type), status, { code })
    expect(await records()).toHaveLength(1)
  })

  test.each(['application/json', 'text/plain'])(
    'goes by who is signed in when there is a type (%s) but no body',
    async (type) => {
      for (const content of [null, '']) {
        expect((await remove(content, type)).status).toBe(204)
        expect(await records()).toHaveLength(1)
      }
      handler = createHandler({ authorize: () => ({ recipient: 'ada' }) })
      await remove('', type)
      expect(await records()).toEqual([])
    },
  )
})

describe('authorize', () => {
  test.each(['PUT', 'DELETE'])('keeps a %s out by saying null', async (method) => {
    handler = createHandler({ authorize: async () => null })
    const path = method === 'PUT' ? '/subscriptions' : `/subscriptions/${id}`
    await expectProblem(await call(method, path), 401, { code: 'unauthorized' })
  })

  test('is given a request that can still be copied', async () => {
    await put({}, 'ada')
    const authorize = vi.fn((request: Request) => {
      const { headers } = new Request(request.clone())
      return { recipient: headers.get('X-User') }
    })
    handler = createHandler({ authorize })
    expect((await put({}, 'ada')).status).toBe(200)
    // Servers for Node give every DELETE a body, if an empty one.
    const empty = new ReadableStream({ start: (controller) => controller.close() })
    const init = { headers: { 'X-User': 'ada' }, body: empty, duplex: 'half' } as RequestInit
    expect((await call('DELETE', `/subscriptions/${id}`, init)).status).toBe(204)
    expect(authorize).toHaveBeenCalledTimes(2)
  })

  test('may answer by itself', async () => {
    const own = new Response('wait', { status: 429, headers: { 'Retry-After': '5' } })
    handler = createHandler({ authorize: () => own })
    expect(await put()).toBe(own)
  })
})

describe('limit', () => {
  test('sends away who comes too soon, before anybody is asked or anything read', async () => {
    const authorize = vi.fn(() => null)
    handler = createHandler({ authorize, limit: () => 4100 })
    for (const response of [await put(), await call('GET', '/key')]) {
      expect(response.headers.get('Retry-After')).toBe('5')
      await expectProblem(response, 429, { code: 'rate-limited' })
    }
    expect(authorize).not.toHaveBeenCalled()
    expect(await records()).toEqual([])
  })

  test.each([0, null])('lets pass for %o', async (wait) => {
    handler = createHandler({ limit: async () => wait })
    expect((await put()).status).toBe(200)
  })

  test.each([Infinity, 1e300, 86_400_001])('is a day at the most: %o', async (wait) => {
    handler = createHandler({ limit: () => wait })
    expect((await put()).headers.get('Retry-After')).toBe('86400')
  })

  test.each([NaN, '5000'])('that gives %o: 500', async (wait) => {
    const onError = vi.fn()
    handler = createHandler({ onError, limit: () => wait as number })
    await expectProblem(await put(), 500, { code: 'internal' })
    expect(onError).toHaveBeenCalledOnce()
  })

  test('is given the very request', async () => {
    const limit = vi.fn(() => null)
    const request = new Request('https://app.example/key')
    await createHandler({ limit })(request)
    expect(limit).toHaveBeenCalledExactlyOnceWith(request)
    expect(limit.mock.calls[0]?.at(0)).toBe(request)
  })

  test('that throws: 500, no details', async () => {
    const onError = vi.fn()
    const error = new Error('hunter2')
    handler = createHandler({ onError, limit: () => Promise.reject(error) })
    await expectProblem(await put(), 500, { code: 'internal' })
    expect(onError).toHaveBeenCalledExactlyOnceWith(error)
  })
})

test.each([42, undefined, {}])('nobody is called %o', async (name) => {
  const onError = vi.fn()
  handler = createHandler({ onError, authorize: () => ({ recipient: name as unknown as string }) })
  await expectProblem(await put(), 500, { code: 'internal' })
  expect(await records()).toEqual([])
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
    await expectProblem(await call(method, path), 404, { code: 'not-found' })
  })

  test.each([
    ['PUT', '/push/key', 'GET'],
    ['HEAD', '/push/key', 'GET'],
    ['GET', '/push/subscriptions', 'PUT'],
    ['POST', '/push/subscriptions', 'PUT'],
    ['PUT', `/push/subscriptions/${id}`, 'DELETE'],
  ])('%s %s is not allowed, but %s is', async (method, path, allowed) => {
    const response = await call(method, path)
    expect(response.headers.get('Allow')).toBe(allowed)
    await expectProblem(response, 405, { code: 'method-not-allowed' })
  })

  test('without a path are found wherever the handler is mounted', async () => {
    for (const path of ['/key', '/a/b/key', '/key?x=1']) {
      expect((await call('GET', path)).status).toBe(200)
    }
  })

  test.each(['/push', '/push/'])('with the path %s are found there alone', async (path) => {
    handler = createHandler({ path })
    expect((await call('GET', '/push/key')).status).toBe(200)
    for (const elsewhere of ['/key', '/a/push/key', '/push/a/key', '/pushy/key']) {
      expect((await call('GET', elsewhere)).status).toBe(404)
    }
  })
})

describe('what fails inside', () => {
  const secret = new Error('connect ECONNREFUSED postgres://admin:hunter2@db')

  test.each(['get', 'put', 'remove'] as const)(
    '%s of the store: 503, no details',
    async (method) => {
      const onError = vi.fn()
      store = { ...store, [method]: () => Promise.reject(secret) }
      handler = createHandler({ onError })
      const response = await (method === 'remove' ? call('DELETE', `/subscriptions/${id}`) : put())
      const text = await response.clone().text()
      await expectProblem(response, 503, { code: 'store-failed' })
      expect(text).not.toMatch(/postgres|hunter2/)
      expect(onError).toHaveBeenCalledExactlyOnceWith(secret)
    },
  )

  test('a store that throws at once: 503 as well', async () => {
    store.get = () => {
      throw secret
    }
    await expectProblem(await put(), 503, { code: 'store-failed' })
  })

  test('authorize: 500, no details', async () => {
    const onError = vi.fn()
    handler = createHandler({ onError, authorize: () => Promise.reject(secret) })
    const response = await put()
    expect(await response.clone().text()).not.toMatch(/postgres|hunter2/)
    await expectProblem(response, 500, { code: 'internal' })
    expect(onError).toHaveBeenCalledExactlyOnceWith(secret)
  })

  test.each(['OPTIONS', 'PUT', 'GET'])('cors.origins, asked about %s: 500', async (method) => {
    const onError = vi.fn()
    const origins = () => {
      throw secret
    }
    handler = createHandler({ onError, cors: { origins } })
    const headers = { Origin: 'https://a.example', 'Access-Control-Request-Method': 'PUT' }
    const response = await call(method, '/subscriptions', { headers })
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
    handler = createHandler({ onError, authorize: () => Promise.reject(secret) })
    await expectProblem(await put(), 500, { code: 'internal' })
    store.get = () => Promise.reject(secret)
    handler = createHandler({ onError })
    await expectProblem(await put(), 503, { code: 'store-failed' })
    await new Promise((resolve) => setImmediate(resolve))
    process.off('unhandledRejection', unhandled)
    expect(unhandled).not.toHaveBeenCalled()
  })

  test('an answer of authorize that cannot be sent twice: 500', async () => {
    const own = new Response('no', { status: 403 })
    handler = createHandler({ authorize: () => own, cors: { origins: ['https://a.example'] } })
    expect(await (await put()).text()).toBe('no')
    await expectProblem(await put(), 500, { code: 'internal' })
  })

  test('a wrong key is refused as the handler is made', () => {
    expect(() => createHandler({ applicationServerKey: 'abc' })).toThrow(TypeError)
  })

  test('so is a host that no endpoint can have', () => {
    const endpoints = { hosts: ['https://Push.example/'] }
    expect(() => createHandler({ endpoints })).toThrow('endpoints.hosts')
  })
})
