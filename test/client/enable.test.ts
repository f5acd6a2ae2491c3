import { describe, expect, test } from 'vitest'
import type { PushClientOptions } from '../../src/client/index.ts'
import { decodeBase64url } from '../../src/shared/base64url.ts'
import { subscriptionId } from '../../src/shared/protocol.ts'
import { createFakePage, fakeKey } from './fake-page-platform.ts'
import { fakeSubscription } from './fake-subscription.ts'
import { enabledBefore, endpoint, start } from './start-client.ts'

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
