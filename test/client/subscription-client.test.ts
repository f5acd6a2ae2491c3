import { describe, expect, test } from 'vitest'
import {
  createSubscriptionClient,
  type PutSubscriptionRequest,
  type SyncTransport,
} from '../../src/client/index.ts'
import { subscriptionId } from '../../src/shared/protocol.ts'
import { createFakePage, fakeKey, type FakePage } from './fake-page-platform.ts'
import { endpoint } from './start-client.ts'

/** A client of the least weight, and what its transport was asked. */
function start(page: FakePage = createFakePage(), answer: () => unknown = () => undefined) {
  const puts: PutSubscriptionRequest[] = []
  const removed: string[][] = []
  const sync: SyncTransport = {
    async put(request) {
      puts.push(request)
      await answer()
      return { status: 'ok' }
    },
    async remove(id, of) {
      removed.push([id, of])
      await answer()
    },
  }
  const push = createSubscriptionClient(
    { applicationServerKey: fakeKey(1), serviceWorker: '/sw.js', sync, timeoutMs: 200 },
    page.platform,
  )
  return { page, push, puts, removed }
}

describe('a client without memory', () => {
  test('asks, subscribes, and tells the app’s transport', async () => {
    const { push, puts, removed } = start()
    expect(await push.prepare()).toEqual({ status: 'prompt' })
    expect(await push.enable()).toMatchObject({
      ok: true,
      state: { status: 'subscribed', sync: 'synced' },
    })
    expect(puts).toMatchObject([
      { version: 1, subscription: { endpoint: endpoint('1') }, applicationServerKey: fakeKey(1) },
    ])
    expect(await push.disable()).toEqual({ status: 'unsubscribed' })
    expect(removed).toEqual([[await subscriptionId(endpoint('1')), endpoint('1')]])
  })

  test('tells the transport at each load what the browser holds', async () => {
    const { page, push } = start()
    await push.enable()
    const next = start(page)
    expect(await next.push.prepare()).toEqual({ status: 'subscribed', sync: 'synced' })
    expect(next.puts).toHaveLength(1)
    await next.push.prepare()
    expect(next.puts).toHaveLength(1)
  })

  test('says pending while the transport fails, and tells it again', async () => {
    let isDown = true
    const { push, puts } = start(undefined, () => {
      if (isDown) throw new Error('down')
    })
    expect(await push.enable()).toMatchObject({
      ok: true,
      state: { sync: 'pending', reason: 'backend-unreachable' },
    })
    isDown = false
    expect(await push.prepare()).toEqual({ status: 'subscribed', sync: 'synced' })
    expect(puts).toHaveLength(2)
  })

  test('works without any transport', async () => {
    const page = createFakePage()
    const push = createSubscriptionClient(
      { applicationServerKey: fakeKey(1), serviceWorker: '/sw.js', sync: false },
      page.platform,
    )
    expect(await push.enable()).toMatchObject({ state: { status: 'subscribed', sync: 'off' } })
    expect(page.requests).toEqual([])
  })

  test('works without a worker, on window.pushManager', async () => {
    const page = createFakePage()
    page.platform.pushManager = page.worker.pushManager
    const push = createSubscriptionClient(
      { applicationServerKey: fakeKey(1), serviceWorker: false, sync: false },
      page.platform,
    )
    expect(await push.enable()).toMatchObject({ ok: true })
    expect(page.registered).toEqual([])
    expect(page.subscription).not.toBeNull()
  })

  test('touches no database', async () => {
    const { indexedDB } = globalThis
    const opened: string[] = []
    globalThis.indexedDB = { open: (name: string) => opened.push(name) } as never
    try {
      const { push } = start()
      await push.enable()
      await push.disable()
      expect(opened).toEqual([])
    } finally {
      globalThis.indexedDB = indexedDB
    }
  })
})
