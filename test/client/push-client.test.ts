import { describe, expect, test } from 'vitest'
import type { PushClientOptions } from '../../src/client/index.ts'
import { decodeBase64url } from '../../src/shared/base64url.ts'
import { subscriptionId } from '../../src/shared/protocol.ts'
import { createFakePage, fakeKey } from './fake-page-platform.ts'
import { fakeSubscription } from './fake-subscription.ts'
import { enabledBefore, endpoint, start } from './start-client.ts'

describe('prepare', () => {
  test('registers the worker without its HTTP cache, asks nothing and says prompt', async () => {
    const { page, push } = start()
    expect(push.state).toEqual({ status: 'loading' })
    expect(await push.prepare()).toEqual({ status: 'prompt' })
    expect(page.registered).toEqual([{ url: '/sw.js', options: { updateViaCache: 'none' } }])
    expect(page.asked).toBe(0)
    expect(page.requests).toEqual([])
  })

  test('passes scope and type on', async () => {
    const { page, push } = start(undefined, {
      serviceWorker: { url: '/a/sw.js', scope: '/a/', type: 'module' },
    })
    await push.prepare()
    expect(page.registered[0]).toEqual({
      url: '/a/sw.js',
      options: { scope: '/a/', type: 'module', updateViaCache: 'none' },
    })
  })

  test('tells the backend nothing that it knows, but once a day', async () => {
    const { page, push } = await enabledBefore()
    expect(await push.prepare()).toEqual({ status: 'subscribed', sync: 'synced' })
    expect(page.requests).toEqual([])
    page.now += 86_400_000
    expect(await push.prepare()).toEqual({ status: 'subscribed', sync: 'synced' })
    expect(page.requests).toMatchObject([
      { method: 'PUT', body: { subscription: { endpoint: endpoint('1') } } },
    ])
  })

  test('makes a subscription again that the browser has lost', async () => {
    const { page, push } = await enabledBefore()
    page.subscription = null
    expect(await push.prepare()).toEqual({ status: 'subscribed', sync: 'synced' })
    expect(page.requests).toMatchObject([
      { body: { subscription: { endpoint: endpoint('2') }, replaces: endpoint('1') } },
    ])
  })

  test('replaces a subscription that was made with another key', async () => {
    const { page, push } = await enabledBefore({ applicationServerKey: fakeKey(1) })
    const rotated = start(page, { applicationServerKey: fakeKey(2) })
    await rotated.push.prepare()
    expect(page.requests).toMatchObject([
      {
        body: {
          subscription: { endpoint: endpoint('2') },
          applicationServerKey: fakeKey(2),
          replaces: endpoint('1'),
        },
      },
    ])
    expect(push.state).toEqual({ status: 'loading' })
  })

  test('takes over a subscription that was there before Pushwell', async () => {
    const page = createFakePage()
    page.permission = 'granted'
    page.subscription = fakeSubscription(page, 'older', fakeKey(1))
    const { push } = start(page)
    expect(await push.prepare()).toEqual({ status: 'subscribed', sync: 'synced' })
    expect(page.requests[0]?.body?.subscription.endpoint).toBe(endpoint('older'))
  })

  test('has the backend forget a subscription whose permission is gone', async () => {
    const { page, push } = await enabledBefore()
    page.permission = 'denied'
    page.subscription = null
    expect(await push.prepare()).toMatchObject({ status: 'blocked' })
    const path = `/push/subscriptions/${await subscriptionId(endpoint('1'))}`
    expect(page.requests).toMatchObject([{ method: 'DELETE', path }])
  })

  test('registers nothing and asks nobody where pushes cannot be', async () => {
    const page = createFakePage()
    Object.assign(page.platform, { hasPushManager: false, standalone: false })
    const { push } = start(page)
    const remedy = 'install-app'
    expect(await push.prepare()).toEqual({ status: 'install-required', remedy })
    expect(await push.enable()).toEqual({ ok: false, reason: 'install-required', remedy })
    expect(page.registered).toEqual([])
    expect(page.asked).toBe(0)
  })
})

describe('enable', () => {
  test('asks within the call, before anything is awaited', () => {
    const { page, push } = start()
    const enabling = push.enable()
    expect(page.asked).toBe(1)
    return enabling
  })

  test('subscribes within the call once permission is granted and the key is known', async () => {
    const { page, push } = await enabledBefore()
    await push.disable()
    await push.prepare()
    let subscribed = 0
    page.subscribe = () => {
      subscribed += 1
      page.subscription ??= fakeSubscription(page, 'early', fakeKey(1))
      return Promise.resolve(page.subscription)
    }
    const enabling = push.enable()
    expect(subscribed).toBe(1)
    expect(await enabling).toMatchObject({ ok: true })
    expect(subscribed).toBe(1)
    expect(page.requests.at(-1)?.body?.subscription.endpoint).toBe(endpoint('early'))
  })

  test('subscribes with the key and puts the subscription in the backend', async () => {
    const { page, push } = start(undefined, {
      sync: { url: 'https://app.example/push/', headers: () => ({ authorization: 'Bearer t' }) },
    })
    const result = await push.enable()
    expect(result).toMatchObject({ ok: true, state: { status: 'subscribed', sync: 'synced' } })
    expect(push.state).toEqual({ status: 'subscribed', sync: 'synced' })
    expect(page.requests).toMatchObject([
      {
        method: 'PUT',
        path: '/push/subscriptions',
        token: 'Bearer t',
        body: {
          version: 1,
          subscription: page.subscription?.toJSON(),
          applicationServerKey: fakeKey(1),
          client: { language: 'en-GB', sdk: 'pushwell/0.1.0' },
        },
      },
    ])
    expect(page.requests[0]?.body).not.toHaveProperty('replaces')
  })

  test('tells worker and backend the language that the user has chosen in the app', async () => {
    let language: string | undefined = 'pt-BR'
    const { page, push } = start(undefined, { language: () => language })
    const told = () => page.requests.map(({ body }) => Object.entries(body?.client ?? {})[0])
    await push.enable()
    expect(told()).toEqual([['language', 'pt-BR']])
    language = 'de'
    await push.prepare()
    expect(told().at(-1)).toEqual(['language', 'de'])
    language = undefined
    await push.prepare()
    expect(told().at(-1)).toEqual(['language', 'en-GB'])
  })

  test('called twice at once subscribes once', async () => {
    const { page, push } = start()
    await Promise.all([push.enable(), push.enable()])
    expect(page.subscription?.endpoint).toBe(endpoint('1'))
  })

  test.each([
    ['denied', { ok: false, reason: 'denied', remedy: 'unblock-notifications' }, 'blocked'],
    ['default', { ok: false, reason: 'dismissed', remedy: 'ask-again-later' }, 'prompt'],
  ] as const)('gives the user’s answer %s as a value', async (answer, result, status) => {
    const page = createFakePage()
    page.answer = answer
    const { push } = start(page)
    expect(await push.enable()).toEqual(result)
    expect(push.state.status).toBe(status)
    expect(page.subscription).toBeNull()
  })

  test('does not ask somebody who refused before', async () => {
    const page = createFakePage()
    page.permission = 'denied'
    const { push } = start(page)
    expect(await push.enable()).toEqual({
      ok: false,
      reason: 'blocked',
      remedy: 'unblock-notifications',
    })
    expect(page.asked).toBe(0)
  })

  test('works without a backend, and with a transport of the app’s own', async () => {
    expect((await start(undefined, { sync: false }).push.enable()).ok).toBe(true)
    const calls: string[] = []
    const { push } = start(undefined, {
      sync: {
        put: ({ subscription }) => {
          calls.push(subscription.endpoint)
          return Promise.resolve({ status: 'ok' })
        },
        remove: (id) => {
          calls.push(id)
          return Promise.resolve()
        },
      },
    })
    await push.enable()
    await push.disable()
    expect(calls).toEqual([endpoint('1'), await subscriptionId(endpoint('1'))])
  })

  test('takes the key as bytes and from a function', async () => {
    const bytes = new Uint8Array(70)
    bytes.set(decodeBase64url(fakeKey(1)) ?? [], 2)
    const { page, push } = start(undefined, {
      applicationServerKey: () => Promise.resolve(bytes.subarray(2, 67)),
    })
    await push.enable()
    expect(page.requests[0]?.body?.applicationServerKey).toBe(fakeKey(1))
  })
})

describe('a backend that does not take the subscription leaves it pending, with a code', () => {
  test.each<[string, () => Response | Promise<Response>, string]>([
    ['500', () => new Response('oops', { status: 500 }), 'backend-failed'],
    ['429', () => new Response('', { status: 429 }), 'backend-failed'],
    ['400', () => new Response('', { status: 400 }), 'backend-refused'],
    ['403', () => new Response('', { status: 403 }), 'backend-unauthorized'],
    ['HTML', () => new Response('<html>', { status: 200 }), 'backend-failed'],
    ['no answer', () => Promise.reject(new TypeError('offline')), 'backend-unreachable'],
  ])('%s', async (_, respond, code) => {
    const page = createFakePage()
    page.respond = respond
    const { push } = start(page)
    const result = await push.enable()
    expect(result).toMatchObject({
      ok: true,
      state: { status: 'subscribed', sync: 'pending', reason: code },
    })
    page.respond = () => Response.json({ status: 'ok' })
    const next = start(page)
    expect(await next.push.prepare()).toEqual({ status: 'subscribed', sync: 'synced' })
  })
})

describe('what the state says when something fails', () => {
  test('the key that cannot be fetched fails whoever has never had one, and nobody else', async () => {
    const cause = new Error('offline')
    const applicationServerKey = () => Promise.reject(cause)
    await expect(start(undefined, { applicationServerKey }).push.enable()).rejects.toBe(cause)
    const { page } = await enabledBefore()
    const { push } = start(page, { applicationServerKey })
    expect(await push.prepare()).toEqual({ status: 'subscribed', sync: 'synced' })
  })

  test('that permission was granted, when subscribing fails after it', async () => {
    const { page, push } = start()
    page.subscribe = () => Promise.reject(new DOMException('', 'AbortError'))
    await expect(push.enable()).rejects.toMatchObject({ code: 'push-service-failed' })
    expect(push.state).toEqual({ status: 'unsubscribed' })
  })
})

describe('a wait', () => {
  const never = () => new Promise<never>(() => undefined)
  test.each<[string, Partial<PushClientOptions>]>([
    ['for the headers', { sync: { url: 'https://app.example/push', headers: never } }],
    ['for a transport of the app’s own', { sync: { put: never, remove: never } }],
  ])('%s is given up after timeoutMs, and holds nothing else up', async (_, options) => {
    const { push } = start(undefined, { ...options, timeoutMs: 20 })
    expect(await push.enable()).toMatchObject({
      ok: true,
      state: { sync: 'pending', reason: 'backend-unreachable' },
    })
    expect(await push.disable()).toEqual({ status: 'unsubscribed' })
  })

  test('for a subscribing that was begun in the click is given up after timeoutMs too', async () => {
    const { page, push } = await enabledBefore({ timeoutMs: 20 })
    await push.prepare()
    await push.disable()
    page.subscribe = never
    await expect(push.enable()).rejects.toMatchObject({ code: 'timeout' })
    page.subscribe = null
    expect(await push.prepare()).toEqual({ status: 'subscribed', sync: 'synced' })
  })
})

test('a worker that was unregistered meanwhile is registered again', async () => {
  const { page, push } = start()
  await push.enable()
  const { serviceWorker } = page.platform
  page.platform.serviceWorker = serviceWorker && {
    ...serviceWorker,
    getRegistration: () => Promise.resolve(undefined),
  }
  page.subscription = null
  expect(await push.enable()).toMatchObject({ ok: true })
  expect(page.registered).toHaveLength(2)
  expect(page.requests.at(-1)?.body?.subscription.endpoint).toBe(endpoint('2'))
})

describe('disable', () => {
  test('needs neither the key nor the network', async () => {
    const { page } = await enabledBefore()
    const { push } = start(page, {
      applicationServerKey: () => Promise.reject(new Error('offline')),
    })
    page.respond = () => Promise.reject(new TypeError('offline'))
    expect(await push.disable()).toEqual({ status: 'unsubscribed' })
    expect(page.subscription).toBeNull()
    expect(await start(page).push.prepare()).toEqual({ status: 'unsubscribed' })
  })

  test('counts while pushes are blocked: allowed again, they stay off', async () => {
    const { page, push } = await enabledBefore()
    page.permission = 'denied'
    page.subscription = null
    expect(await push.disable()).toMatchObject({ status: 'blocked' })
    page.permission = 'granted'
    expect(await start(page).push.prepare()).toEqual({ status: 'unsubscribed' })
  })

  test('is not done for a backend that answers DELETE with a page', async () => {
    const { page, push } = await enabledBefore()
    page.respond = () => new Response('<h1>Sign in</h1>', { status: 200 })
    await push.disable()
    page.requests.length = 0
    page.respond = () => new Response(null, { status: 204 })
    await start(page).push.prepare()
    expect(page.requests).toMatchObject([{ method: 'DELETE' }])
  })

  test('gives the subscription up and has the backend forget it', async () => {
    const { page, push } = await enabledBefore()
    expect(await push.disable()).toEqual({ status: 'unsubscribed' })
    expect(page.subscription).toBeNull()
    const path = `/push/subscriptions/${await subscriptionId(endpoint('1'))}`
    expect(page.requests).toMatchObject([{ method: 'DELETE', path }])
    expect(await start(page).push.prepare()).toEqual({ status: 'unsubscribed' })
  })

  test('is told to a backend that did not answer at the next load', async () => {
    const { page, push } = await enabledBefore()
    page.respond = () => new Response('', { status: 503 })
    await push.disable()
    page.requests.length = 0
    page.respond = () => new Response(null, { status: 204 })
    await start(page).push.prepare()
    expect(page.requests).toMatchObject([{ method: 'DELETE' }])
    page.requests.length = 0
    await start(page).push.prepare()
    expect(page.requests).toEqual([])
  })

  test('is finished at the next load when the browser kept the subscription', async () => {
    const { page, push } = await enabledBefore()
    page.unsubscribe = () => Promise.reject(new Error('busy'))
    await expect(push.disable()).rejects.toMatchObject({ code: 'unsubscribe-failed' })
    page.unsubscribe = null
    expect(await start(page).push.prepare()).toEqual({ status: 'unsubscribed' })
    expect(page.subscription).toBeNull()
  })

  test('takes Firefox’s late NetworkError for the success that it is', async () => {
    const { page, push } = await enabledBefore()
    page.unsubscribe = () => {
      page.subscription = null
      return Promise.reject(new DOMException('', 'NetworkError'))
    }
    expect(await push.disable()).toEqual({ status: 'unsubscribed' })
  })
})

describe('onChange', () => {
  test('tells each change once, until it is undone', async () => {
    const { push } = start()
    const seen: string[] = []
    const undo = push.onChange(() => seen.push(push.state.status))
    await push.prepare()
    await push.prepare()
    await push.enable()
    undo()
    await push.disable()
    expect(seen).toEqual(['prompt', 'subscribed'])
  })

  test('tells the others when one listener throws, and nothing fails by it', async () => {
    const { push } = start()
    const uncaught = new Promise((resolve) => process.once('uncaughtException', resolve))
    const seen: string[] = []
    push.onChange(() => {
      throw new Error('listener')
    })
    push.onChange(() => seen.push(push.state.status))
    expect(await push.prepare()).toEqual({ status: 'prompt' })
    expect(seen).toEqual(['prompt'])
    expect(await uncaught).toMatchObject({ message: 'listener' })
  })

  test('keeps the snapshot’s identity while nothing changed', async () => {
    const { push } = start()
    const first = await push.prepare()
    expect(await push.prepare()).toBe(first)
  })
})
