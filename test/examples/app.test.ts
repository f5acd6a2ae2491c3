import { readFile } from 'node:fs/promises'
import type { Hono } from 'hono'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { createApp } from '../../examples/server/app.ts'
import {
  createMemoryStore,
  generateVapidKeys,
  type SubscriptionRecord,
  type SubscriptionStore,
} from '../../src/server/index.ts'
import { createFakeBrowser, type FakeBrowser } from '../server/fake-browser.ts'

const origin = 'http://localhost:3000'
const keys = await generateVapidKeys()

let store: SubscriptionStore
let app: Hono
/** What the push services answer, by the last part of the endpoint; 201 for the others. */
let answers: Record<string, number>
let sent: string[]

beforeEach(async () => {
  store = createMemoryStore()
  answers = {}
  sent = []
  app = await appWith()
})

function appWith(change: Partial<Parameters<typeof createApp>[0]> = {}): Promise<Hono> {
  const fetch = async (url: string): Promise<Response> => {
    sent.push(url)
    return new Response(null, { status: answers[url.split('/').at(-1) ?? ''] ?? 201 })
  }
  return createApp({
    store,
    keys: async () => [keys],
    subject: 'mailto:ops@example.com',
    fetch,
    ...change,
  })
}

/** What a page of the app itself sends. */
function request(method: string, path: string, init: RequestInit = {}): Promise<Response> {
  const headers = { Origin: origin, ...(init.headers as Record<string, string>) }
  return Promise.resolve(app.request(`${origin}${path}`, { method, ...init, headers }))
}

async function visit(): Promise<string> {
  const response = await request('GET', '/')
  return /^visitor=[^;]+/.exec(response.headers.get('Set-Cookie') ?? '')?.[0] ?? ''
}

async function subscribe(
  cookie: string,
  name: string,
  applicationServerKey = keys.publicKey,
): Promise<FakeBrowser> {
  const browser = createFakeBrowser(`https://fcm.googleapis.com/fcm/send/${name}`)
  const { subscription } = browser
  const body = { version: 1, subscription, applicationServerKey, client: { sdk: 'test' } }
  const response = await request('PUT', '/push/subscriptions', {
    headers: { Cookie: cookie, 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  })
  expect(response.status).toBe(200)
  return browser
}

async function signIn(cookie: string, user: string): Promise<string> {
  const response = await request('POST', '/session', {
    headers: { Cookie: cookie, 'Content-Type': 'application/json' },
    body: JSON.stringify({ user }),
  })
  expect(response.status).toBe(200)
  return `${cookie}; ${response.headers.get('Set-Cookie')?.split(';')[0]}`
}

async function sessionOf(cookie: string): Promise<unknown> {
  const response = await request('GET', '/session', { headers: { Cookie: cookie } })
  expect(response.headers.get('Cache-Control')).toBe('no-store')
  return response.json()
}

function sendTo(user: string, body: unknown): Promise<Response> {
  const headers = { 'Content-Type': 'application/json' }
  const init = { headers, body: JSON.stringify(body) }
  return request('POST', `/users/${encodeURIComponent(user)}/messages`, init)
}

/** Makes the app anew, and gives what it hands to the push services from then on. */
async function sentBodies(): Promise<Uint8Array[]> {
  const bodies: Uint8Array[] = []
  app = await appWith({
    async fetch(url, { body }) {
      sent.push(url)
      bodies.push(body as Uint8Array)
      return new Response(null, { status: 201 })
    },
  })
  return bodies
}

/** Reads a message as the browser does that it went to. */
function readBy(browser: FakeBrowser, body: Uint8Array | undefined): Record<string, unknown> {
  return JSON.parse(browser.decrypt(body ?? new Uint8Array()))
}

function ship(cookie: string, order = '42'): Promise<Response> {
  return request('POST', `/orders/${order}/ship`, { headers: { Cookie: cookie } })
}

async function records(): Promise<SubscriptionRecord[]> {
  return Array.fromAsync(store.list())
}

describe('a visitor', () => {
  test('is given a cookie that scripts cannot read, once', async () => {
    const response = await request('GET', '/')
    const cookie = response.headers.get('Set-Cookie') ?? ''
    expect(cookie).toMatch(/^visitor=[\da-f-]{36};.*HttpOnly.*SameSite=Lax/)
    const again = await request('GET', '/', { headers: { Cookie: `a=b; ${cookie.split(';')[0]}` } })
    expect(again.headers.get('Set-Cookie')).toBeNull()
  })

  test('owns the subscriptions that come with the cookie', async () => {
    const cookie = await visit()
    await subscribe(cookie, 'one')
    expect(await records()).toMatchObject([{ recipient: cookie.split('=')[1] }])
  })

  test.each(['', 'visitor=', 'visitor=%00', 'xvisitor=9b1f1f6e-0d8c-4a4e-9d55-0c1f0a6f3b11'])(
    'without a cookie of ours is not let in: %s',
    async (cookie) => {
      expect((await ship(cookie)).status).toBe(401)
      const headers = { Cookie: cookie, 'Content-Type': 'application/json' }
      const response = await request('PUT', '/push/subscriptions', { headers, body: '{}' })
      expect(response.status).toBe(401)
    },
  )
})

describe('signing in', () => {
  test('makes the browser the user’s, until the user signs out', async () => {
    const visitor = await visit()
    expect(await sessionOf(visitor)).toEqual({ user: null })
    const cookie = await signIn(visitor, 'ada; ünd')
    expect(await sessionOf(cookie)).toEqual({ user: 'ada; ünd' })
    await subscribe(cookie, 'one')
    expect(await records()).toMatchObject([{ recipient: 'ada; ünd' }])
    const response = await request('DELETE', '/session', { headers: { Cookie: cookie } })
    expect(await response.json()).toEqual({ user: null })
    expect(response.headers.get('Set-Cookie')).toMatch(/^user=; Max-Age=0/)
    await subscribe(visitor, 'one')
    expect(await records()).toMatchObject([{ recipient: visitor.split('=')[1] }])
  })

  test('gives a cookie that scripts cannot read', async () => {
    const response = await request('POST', '/session', { body: '{"user":"ada"}' })
    expect(response.headers.get('Set-Cookie')).toMatch(/^user=ada;.*HttpOnly.*SameSite=Lax/)
  })

  test.each([
    ['no name', {}],
    ['an empty one', { user: '' }],
    ['a long one', { user: 'x'.repeat(101) }],
    ['none that is text', { user: 5 }],
    ['none that can be kept', { user: 'a\0' }],
    ['half a character', { user: '\uD800' }],
    ['a visitor’s', { user: '9b1f1f6e-0d8c-4a4e-9d55-0c1f0a6f3b11' }],
    ['null', null],
  ])('is refused with %s', async (_what, body) => {
    const response = await request('POST', '/session', { body: JSON.stringify(body) })
    expect(response.status).toBe(400)
    expect(response.headers.get('Set-Cookie')).toBeNull()
  })

  test('is refused without JSON', async () => {
    expect((await request('POST', '/session', { body: 'user=ada' })).status).toBe(400)
  })
})

describe('a message says whom it is for', () => {
  test('when that is a user, but not when it is a visitor', async () => {
    const bodies = await sentBodies()
    const visitor = await visit()
    const browser = await subscribe(visitor, 'one')
    await ship(visitor)
    expect(readBy(browser, bodies[0])).not.toHaveProperty('pushwell.recipient')
    const cookie = await signIn(visitor, 'ada')
    const hers = await subscribe(cookie, 'one')
    await ship(cookie)
    expect(readBy(hers, bodies[1])).toHaveProperty('pushwell.recipient', 'ada')
  })
})

describe('POST /users/:user/messages', () => {
  test('sends to every device of the user, and to no other’s', async () => {
    const bodies = await sentBodies()
    const browser = await subscribe(await signIn(await visit(), 'ada'), 'one')
    await subscribe(await signIn(await visit(), 'bob'), 'others')
    await subscribe(await visit(), 'visitors')
    const report: unknown = await (await sendTo('ada', { orderId: 'a/b' })).json()
    expect(report).toMatchObject({ devices: 1, outcomes: { accepted: 1 }, reasons: [] })
    expect(readBy(browser, bodies[0])).toMatchObject({
      pushwell: { recipient: 'ada', data: { orderId: 'a/b' } },
    })
  })

  test('sends to nobody where the user has signed out', async () => {
    const browser = await subscribe(await signIn(await visit(), 'ada'), 'one')
    const { publicKey: applicationServerKey } = keys
    const { subscription } = browser
    const client = { sdk: 'test' }
    const response = await request('PUT', '/push/subscriptions', {
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
    expect(sent).toEqual([])
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

describe('while keys rotate', () => {
  test('the new key is asked for at once, and each device is sent to under its own', async () => {
    const newKeys = await generateVapidKeys()
    let pairs: readonly [typeof keys, ...(typeof keys)[]] = [keys]
    const signedBy: string[] = []
    app = await appWith({
      keys: async () => pairs,
      async fetch(_url, { headers }) {
        signedBy.push(new Headers(headers).get('Authorization')?.split('k=')[1] ?? '')
        return new Response(null, { status: 201 })
      },
    })
    const cookie = await visit()
    await subscribe(cookie, 'one')
    pairs = [newKeys, keys]
    const key = await (await request('GET', '/push/key')).json()
    expect(key).toEqual({ applicationServerKey: newKeys.publicKey })
    await ship(cookie)
    expect(signedBy).toEqual([keys.publicKey])
    await subscribe(cookie, 'one', newKeys.publicKey)
    await ship(cookie)
    expect(signedBy).toEqual([keys.publicKey, newKeys.publicKey])
  })

  test('a device whose key is not there any more does not keep others from their message', async () => {
    const cookie = await visit()
    await subscribe(cookie, 'one')
    await subscribe(cookie, 'two', (await generateVapidKeys()).publicKey)
    expect(await (await ship(cookie)).json()).toMatchObject({
      devices: 2,
      outcomes: { accepted: 1, failed: 1 },
      reasons: ['invalid-application-server-key'],
    })
  })

  test('the last pairs do when they cannot be read', async () => {
    let fails = false
    app = await appWith({
      keys: () => (fails ? Promise.reject(new Error('no database')) : Promise.resolve([keys])),
    })
    fails = true
    const response = await request('GET', '/push/key')
    expect(await response.json()).toEqual({ applicationServerKey: keys.publicKey })
  })

  test('pairs that are none end the start', async () => {
    const wrong = { ...keys, privateKey: 'x' }
    await expect(appWith({ keys: async () => [wrong] })).rejects.toThrow('vapid.privateKey')
    const failing = () => Promise.reject(new Error('no database'))
    await expect(appWith({ keys: failing })).rejects.toThrow('no database')
  })
})

describe('what other origins send', () => {
  test('is refused with 403 when it is a form', async () => {
    const cookie = await visit()
    await subscribe(cookie, 'one')
    const response = await request('POST', '/orders/42/ship', {
      headers: {
        Origin: 'https://evil.example',
        Cookie: cookie,
        'Content-Type': 'application/x-www-form-urlencoded',
      },
      body: 'a=b',
    })
    expect(response.status).toBe(403)
    expect(sent).toEqual([])
  })
})

describe('POST /orders/:id/ship', () => {
  test('sends to every device of the visitor, and to no other’s', async () => {
    const cookie = await visit()
    const browser = await subscribe(cookie, 'one')
    await subscribe(cookie, 'two')
    await subscribe(await visit(), 'others')
    const bodies = await sentBodies()
    const report: unknown = await (await ship(cookie, 'a%2Fb')).json()
    expect(report).toMatchObject({ devices: 2, outcomes: { accepted: 2 }, reasons: [] })
    expect(sent.toSorted()).toEqual(
      ['one', 'two'].map((name) => `https://fcm.googleapis.com/fcm/send/${name}`),
    )
    const index = sent.indexOf(browser.subscription.endpoint)
    expect(readBy(browser, bodies[index])).toMatchObject({
      notification: { title: 'Order a/b has shipped', navigate: '/orders/a%2Fb' },
      pushwell: { data: { orderId: 'a/b' } },
    })
  })

  test('counts what came of it, and removes a subscription that is gone', async () => {
    const cookie = await visit()
    for (const name of ['good', 'gone', 'broken']) await subscribe(cookie, name)
    answers = { gone: 410, broken: 500 }
    const response = await ship(cookie)
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({
      devices: 3,
      outcomes: { accepted: 1, gone: 1, retry: 1 },
      reasons: ['service-failed'],
    })
    const left = (await records()).map(({ subscription }) =>
      subscription.endpoint.split('/').at(-1),
    )
    expect(new Set(left)).toEqual(new Set(['broken', 'good']))
  })

  test('goes on when one subscription cannot be sent to', async () => {
    const cookie = await visit()
    for (const name of ['a', 'b', 'c', 'd']) await subscribe(cookie, name)
    const [first, second] = await records()
    const change = (record: SubscriptionRecord | undefined, endpoint: string) =>
      record && store.put({ ...record, subscription: { ...record.subscription, endpoint } })
    await change(first, 'http://169.254.169.254/')
    await change(second, 'no address')
    const report = (await (await ship(cookie)).json()) as { reasons: string[] }
    expect(report).toMatchObject({ devices: 4, outcomes: { failed: 2, accepted: 2 } })
    expect(report.reasons.toSorted()).toEqual(['endpoint-refused', 'invalid-subscription'])
  })

  test('goes on when something unforeseen happens with one, and tells nothing of it', async () => {
    const cookie = await visit()
    for (const name of ['a', 'b']) await subscribe(cookie, name)
    const [first = expect.unreachable(), second = expect.unreachable()] = await records()
    const broken: SubscriptionRecord = {
      ...first,
      get subscription(): never {
        throw new Error('hunter2')
      },
    }
    store.list = async function* () {
      yield* [broken, second]
    }
    const text = await (await ship(cookie)).text()
    expect(JSON.parse(text)).toMatchObject({ devices: 2, outcomes: { failed: 1, accepted: 1 } })
    expect(text).not.toContain('hunter2')
  })

  test('answers 400, and why, when the message itself cannot be sent', async () => {
    const cookie = await visit()
    await subscribe(cookie, 'one')
    const response = await ship(cookie, 'x'.repeat(4000))
    expect(response.status).toBe(400)
    expect(await response.json()).toEqual({ error: expect.stringContaining('3993 octets') })
  })

  test.each([
    ['an error', new Error('connect to postgres://admin:hunter2@db')],
    ['an error of Node’s, which has a code too', nodeError()],
  ])('answers 500, and nothing of %s, when the server fails', async (_, error) => {
    const log = vi.spyOn(console, 'error').mockReturnValue()
    const cookie = await visit()
    store.list = () => {
      throw error
    }
    const response = await ship(cookie)
    expect(response.status).toBe(500)
    expect(await response.json()).toEqual({ error: 'The server failed.' })
    expect(log.mock.calls.flat().join(' ')).not.toContain('hunter2')
    log.mockRestore()
  })
})

function nodeError(): TypeError {
  try {
    return new TypeError(new URL('hunter2').href)
  } catch (error) {
    return error as TypeError
  }
}

test('subscriptions are taken only at the browsers’ own push services, unless told otherwise', async () => {
  const cookie = await visit()
  const { subscription } = createFakeBrowser('https://push.example.org/x')
  const applicationServerKey = keys.publicKey
  const put = () =>
    request('PUT', '/push/subscriptions', {
      headers: { Cookie: cookie, 'Content-Type': 'application/json' },
      body: JSON.stringify({
        version: 1,
        subscription,
        applicationServerKey,
        client: { sdk: 'test' },
      }),
    })
  expect((await put()).status).toBe(400)
  app = await appWith({ endpoints: 'public' })
  expect((await put()).status).toBe(200)
})

describe('files', () => {
  const file = (name: string) =>
    readFile(new URL(`../../examples/minimal/${name}`, import.meta.url), 'utf8')

  test.each([
    ['/', 'index.html', 'text/html'],
    ['/page.js', 'page.js', 'text/javascript'],
    ['/sw.js', 'sw.js', 'text/javascript'],
    ['/style.css', 'style.css', 'text/css'],
    ['/orders/42', 'order.html', 'text/html'],
    ['/orders/a%2Fb?track', 'order.html', 'text/html'],
  ])('%s is %s', async (path, name, type) => {
    const response = await request('GET', path)
    expect(response.status).toBe(200)
    expect(response.headers.get('Content-Type')).toContain(type)
    expect(await response.text()).toBe(await file(name))
  })

  test('the order page is asked for each time', async () => {
    const response = await request('GET', '/orders/42')
    expect(response.headers.get('Cache-Control')).toBe('no-store')
  })

  test.each(['/pushwell.global.js', '/pushwell-sw.global.js'])(
    '%s is what was built',
    async (path) => {
      const response = await request('GET', path)
      expect(response.headers.get('Content-Type')).toContain('text/javascript')
      expect(await response.text()).toMatch(/^var Pushwell/)
    },
  )

  test.each(['/nothing', '/..%2fserver/app.ts', '/%2e%2e/server/app.ts', '/../server/app.ts'])(
    '%s is not found',
    async (path) => {
      expect((await request('GET', path)).status).toBe(404)
    },
  )
})

test('each request is told of before it is answered', async () => {
  const seen: string[] = []
  app = await appWith({
    onRequest: ({ method, url }) => seen.push(`${method} ${new URL(url).pathname}`),
  })
  await request('GET', '/orders/42')
  await ship('')
  expect(seen).toEqual(['GET /orders/42', 'POST /orders/42/ship'])
})
