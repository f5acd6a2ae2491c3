import { describe, expect, test } from 'vitest'
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
