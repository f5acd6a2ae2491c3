import { describe, expect, test } from 'vitest'
import type { WorkerEngine } from '../../src/testing/worker/index.ts'
import type { WorkerScope } from '../../sw/index.ts'
import { home, makeKey, readRecord } from './load-push-worker.ts'
import { key, loadSubscribedWorker } from './subscribed-worker.ts'

const changed = { pushwell: 1, scope: home, kind: 'changed' }

describe.each<WorkerEngine>(['chromium', 'firefox', 'webkit'])('in %s', (engine) => {
  test('a lost subscription is made again with the same key, and replaces the old one in the backend', async () => {
    const { worker, backend, old, heard } = await loadSubscribedWorker({ engine })
    await using _ = worker
    expect(await worker.changeSubscription()).not.toHaveProperty('failed')
    const { subscription } = worker
    expect(subscription?.endpoint).not.toBe(old)
    expect(backend.received).toMatchObject([
      {
        method: 'PUT',
        path: '/push/subscriptions',
        token: 'Bearer t',
        body: { subscription, applicationServerKey: key, replaces: old },
      },
    ])
    expect(await readRecord()).toMatchObject({
      hold: { subscription, applicationServerKey: key },
      mayHold: [subscription?.endpoint],
    })
    expect(heard).toEqual([changed])
  })

  test('what the backend does not acknowledge is remembered', async () => {
    const { worker, backend, old } = await loadSubscribedWorker({ engine })
    await using _ = worker
    backend.status = 503
    await worker.changeSubscription()
    expect(await readRecord()).toMatchObject({
      hold: { subscription: worker.subscription },
      mayHold: [old, worker.subscription?.endpoint],
      retry: { code: 'backend-failed' },
    })
  })
})

describe('a lost subscription', () => {
  test('that the backend was never sent is not mentioned to it', async () => {
    const { worker, backend } = await loadSubscribedWorker({ record: { mayHold: [] } })
    await using _ = worker
    await worker.changeSubscription()
    expect(backend.received).toHaveLength(1)
    expect(backend.received[0]?.body.replaces).toBeUndefined()
  })

  test('that only the event knows is replaced', async () => {
    const { worker, backend, old } = await loadSubscribedWorker({
      engine: 'firefox',
      record: { mayHold: [] },
    })
    await using _ = worker
    await worker.changeSubscription()
    expect(backend.received[0]?.body.replaces).toBe(old)
  })

  test('is made with the key that the page last used when none is held', async () => {
    const { worker } = await loadSubscribedWorker({
      record: { hold: undefined, applicationServerKey: key },
    })
    await using _ = worker
    await worker.changeSubscription()
    expect((await readRecord())?.hold?.applicationServerKey).toBe(key)
  })

  test('is kept for the page to tell where there is no address of the backend', async () => {
    const { worker, backend } = await loadSubscribedWorker({ record: { syncUrl: undefined } })
    await using _ = worker
    await worker.changeSubscription()
    expect(backend.received).toEqual([])
    expect((await readRecord())?.hold?.subscription).toEqual(worker.subscription)
  })

  test.each([
    ['the user had turned pushes off', { enabled: false }],
    ['the page knows no key', { hold: undefined }],
    ['it is moving to a new key', { keyMove: { to: makeKey(), phase: 'bridge', since: 0 } }],
  ] as const)('is not made again when %s, and the pages look for themselves', async (_, record) => {
    const { worker, heard } = await loadSubscribedWorker({ record })
    await using _worker = worker
    const before = await readRecord()
    await worker.changeSubscription()
    expect(worker.subscription).toBeNull()
    expect((await readRecord())?.hold).toEqual(before?.hold)
    expect(heard).toEqual([changed])
  })

  test('leaves what is held alone when the permission is gone', async () => {
    const { worker, heard } = await loadSubscribedWorker()
    await using _ = worker
    const before = await readRecord()
    worker.permission = 'denied'
    expect(await worker.changeSubscription()).not.toHaveProperty('failed')
    const after = await readRecord()
    expect(after).toMatchObject({ failures: [{ code: 'subscribe-failed' }] })
    expect(after).toMatchObject({ hold: before?.hold, mayHold: before?.mayHold })
    expect(heard).toEqual([changed])
  })

  test('waits for a page that is just subscribing', async () => {
    const { worker } = await loadSubscribedWorker()
    await using _ = worker
    const name = `pushwell ${home}`
    const { promise: page, resolve } = Promise.withResolvers<void>()
    const holding = navigator.locks.request(name, () => page)
    const change = worker.changeSubscription()
    await expect.poll(async () => (await navigator.locks.query()).pending).toMatchObject([{ name }])
    expect(worker.subscription).toBeNull()
    resolve()
    await Promise.all([holding, change])
    expect(worker.subscription).not.toBeNull()
  })

  test('is the page’s in the registration beside, while it moves to a new key', async () => {
    const { worker, backend, heard } = await loadSubscribedWorker({
      scope: `${home}pushwell-key-move/`,
    })
    await using _ = worker
    await worker.changeSubscription()
    expect(worker.subscription).toBeNull()
    expect(backend.received).toEqual([])
    expect(heard).toEqual([changed])
  })
})

describe('a subscription that is there already', () => {
  const renewedWith = (applicationServerKey: string) => (scope: WorkerScope) => {
    scope.addEventListener('pushsubscriptionchange', (event) => {
      const options = { userVisibleOnly: true, applicationServerKey } as const
      event.waitUntil(scope.registration.pushManager.subscribe(options))
    })
  }

  test('is taken, and told to the backend', async () => {
    const { worker, backend } = await loadSubscribedWorker({ before: renewedWith(key) })
    await using _ = worker
    await worker.changeSubscription()
    expect(backend.received).toMatchObject([{ body: { subscription: worker.subscription } }])
  })

  test('is left to the page when it was made with another key', async () => {
    const { worker, backend } = await loadSubscribedWorker({ before: renewedWith(makeKey()) })
    await using _ = worker
    const before = await readRecord()
    await worker.changeSubscription()
    expect((await readRecord())?.hold).toEqual(before?.hold)
    expect(backend.received.map(({ body }) => body.subscription)).not.toContainEqual(
      worker.subscription,
    )
  })
})
