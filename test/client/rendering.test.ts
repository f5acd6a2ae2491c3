// @vitest-environment node
import 'fake-indexeddb/auto'
import { describe, expect, test } from 'vitest'

const options = {
  applicationServerKey: () => Promise.reject(new Error('fetched')),
  serviceWorker: '/sw.js',
  sync: { url: '/push' },
} as const

/** Runs something in a world that has nothing of a browser, not even what Node has of one. */
async function withoutBrowser<Value>(work: () => Promise<Value>): Promise<Value> {
  const names = ['navigator', 'fetch', 'Request', 'BroadcastChannel', 'indexedDB', 'MessageChannel']
  const held = names.map(
    (name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)] as const,
  )
  for (const name of names) Reflect.deleteProperty(globalThis, name)
  try {
    return await work()
  } finally {
    for (const [name, descriptor] of held) {
      if (descriptor) Object.defineProperty(globalThis, name, descriptor)
    }
  }
}

describe('on a server', () => {
  test('there is no browser in this test', () => {
    expect(Reflect.has(globalThis, 'window')).toBe(false)
    expect(Reflect.has(globalThis, 'document')).toBe(false)
  })

  test('importing and creating is harmless, and says loading', async () => {
    await withoutBrowser(async () => {
      const { createPushClient, createSubscriptionClient } =
        await import('../../src/client/index.ts')
      const push = createPushClient(options)
      expect(push.state).toEqual({ status: 'loading' })
      const undo = [
        push.onChange(() => undefined),
        push.onMessage('chat', () => undefined),
        push.onClick('chat', () => undefined),
      ]
      expect(push.canAsk()).toBe(false)
      for (const call of undo) call()
      const least = createSubscriptionClient({ ...options, sync: false })
      expect(least.state).toEqual({ status: 'loading' })
    })
  })

  test('each method comes to an end and says unsupported', async () => {
    await withoutBrowser(async () => {
      const { createPushClient } = await import('../../src/client/index.ts')
      const push = createPushClient(options)
      const state = { status: 'unsupported', reason: 'insecure-context', remedy: 'use-https' }
      expect(await push.prepare()).toEqual(state)
      expect(await push.enable()).toMatchObject({ ok: false, reason: 'unsupported' })
      expect(await push.disable()).toEqual(state)
      expect(await push.identify('ann')).toEqual(state)
      expect(await push.forget()).toEqual(state)
      expect(await push.setTags({ add: ['a'] })).toEqual(state)
      await push.postpone()
      expect(await push.diagnose()).toMatchObject({
        state,
        permission: 'unavailable',
        registration: null,
        environment: { serviceWorker: false, pushManager: false },
      })
    })
  })
})

describe('useSyncExternalStore', () => {
  /** What React does with a store, in StrictMode: everything twice. */
  test('gets its functions as they are: called bare, cached, undone', async () => {
    const { createPushClient } = await import('../../src/client/index.ts')
    const { createFakePage, fakeKey } = await import('./fake-page-platform.ts')
    const page = createFakePage()
    const create = () =>
      createPushClient({ ...options, applicationServerKey: fakeKey(1), sync: false }, page.platform)
    create()
    const push = create()
    const { onChange: subscribe } = push
    const getSnapshot = () => push.state
    expect(getSnapshot()).toBe(getSnapshot())
    const seen: unknown[] = []
    const store = () => seen.push(getSnapshot())
    const first = subscribe(store)
    first()
    const second = subscribe(store)
    await push.prepare()
    expect(seen).toEqual([getSnapshot()])
    expect(getSnapshot()).toBe(getSnapshot())
    // An effect that runs twice.
    await Promise.all([push.prepare(), push.prepare()])
    expect(seen).toHaveLength(1)
    expect(getSnapshot()).toBe(seen[0])
    second()
    await push.enable()
    expect(seen).toHaveLength(1)
    expect(getSnapshot()).not.toBe(seen[0])
  })

  test('two clients on one page, as StrictMode makes them, do everything once', async () => {
    const { createPushClient } = await import('../../src/client/index.ts')
    const { createFakePage, fakeKey } = await import('./fake-page-platform.ts')
    const page = createFakePage()
    const sync = { url: 'https://app.example/push' }
    const [one, two] = [1, 2].map(() =>
      createPushClient({ ...options, applicationServerKey: fakeKey(1), sync }, page.platform),
    )
    await Promise.all([one?.prepare(), two?.prepare()])
    await Promise.all([one?.enable(), two?.enable()])
    expect(page.asked).toBe(1)
    expect(page.requests.map(({ method }) => method)).toEqual(['PUT'])
    expect(two?.state).toEqual({ status: 'subscribed', sync: 'synced' })
  })
})
