import { describe, expect, test } from 'vitest'
import type { RegistrationRecord } from '../../src/shared/registration-record.ts'
import type { LoadWorkerOptions, WorkerEngine } from '../../src/testing/worker/index.ts'
import { createPushWorker, type WorkerScope } from '../../sw/index.ts'
import {
  type Backend,
  createBackend,
  home,
  keepRecord,
  listen,
  loadPushWorker,
  makeKey,
  present,
  readRecord,
} from './load-push-worker.ts'

const key = makeKey()
const changed = { pushwell: 1, scope: home, kind: 'changed' }

interface Setting extends LoadWorkerOptions {
  readonly backend?: Backend
  readonly record?: Partial<RegistrationRecord>
  /** Runs before our own listener is added. */
  readonly before?: (scope: WorkerScope) => void
}

/** A worker with a subscription that the backend knows. */
async function load({ backend = createBackend(), record, before, ...options }: Setting = {}) {
  const headers = () => ({ authorization: 'Bearer t' })
  const worker = await loadPushWorker(
    (scope) => {
      before?.(scope)
      createPushWorker({ headers }, scope)
    },
    { applicationServerKey: key, fetch: backend.fetch, ...options },
  )
  const subscription = present(worker.subscription)
  await keepRecord({
    enabled: true,
    hold: { subscription, applicationServerKey: key, since: 0 },
    mayHold: [subscription.endpoint],
    syncUrl: 'https://app.example/push',
    ...record,
  })
  return { worker, backend, old: subscription.endpoint, heard: listen() }
}

describe.each<WorkerEngine>(['chromium', 'firefox', 'webkit'])('in %s', (engine) => {
  test('a lost subscription is made again with the same key, and replaces the old one in the backend', async () => {
    const { worker, backend, old, heard } = await load({ engine })
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
    const { worker, backend, old } = await load({ engine })
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
    const { worker, backend } = await load({ record: { mayHold: [] } })
    await using _ = worker
    await worker.changeSubscription()
    expect(backend.received).toHaveLength(1)
    expect(backend.received[0]?.body.replaces).toBeUndefined()
  })

  test('that only the event knows is replaced', async () => {
    const { worker, backend, old } = await load({ engine: 'firefox', record: { mayHold: [] } })
    await using _ = worker
    await worker.changeSubscription()
    expect(backend.received[0]?.body.replaces).toBe(old)
  })

  test('is made with the key that the page last used when none is held', async () => {
    const { worker } = await load({ record: { hold: undefined, applicationServerKey: key } })
    await using _ = worker
    await worker.changeSubscription()
    expect((await readRecord())?.hold?.applicationServerKey).toBe(key)
  })

  test('is kept for the page to tell where there is no address of the backend', async () => {
    const { worker, backend } = await load({ record: { syncUrl: undefined } })
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
    const { worker, heard } = await load({ record })
    await using _worker = worker
    const before = await readRecord()
    await worker.changeSubscription()
    expect(worker.subscription).toBeNull()
    expect((await readRecord())?.hold).toEqual(before?.hold)
    expect(heard).toEqual([changed])
  })

  test('leaves what is held alone when the permission is gone', async () => {
    const { worker, heard } = await load()
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
    const { worker } = await load()
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
    const { worker, backend, heard } = await load({ scope: `${home}pushwell-key-move/` })
    await using _ = worker
    await worker.changeSubscription()
    expect(worker.subscription).toBeNull()
    expect(backend.received).toEqual([])
    expect(heard).toEqual([changed])
  })
})

describe('with no network', () => {
  /** A push manager that cannot subscribe for as many times. */
  const failing = (times: number, name: string) => (scope: WorkerScope) => {
    const { pushManager } = scope.registration
    const subscribe = pushManager.subscribe.bind(pushManager)
    let left = times
    Object.assign(pushManager, {
      subscribe: (options: Parameters<typeof subscribe>[0]) => {
        left -= 1
        return left < 0 ? subscribe(options) : Promise.reject(new DOMException('none', name))
      },
    })
  }

  test('a lost subscription is made at a background sync, and told to the backend', async () => {
    const { worker, backend, old } = await load({ before: failing(2, 'AbortError') })
    await using _ = worker
    await worker.changeSubscription()
    expect(worker.subscription).toBeNull()
    expect(worker.syncTags).toEqual(['pushwell-renew'])
    expect(await worker.sync('pushwell-renew')).toMatchObject({
      failed: { code: 'subscribe-failed' },
    })
    expect(await worker.sync('pushwell-renew')).not.toHaveProperty('failed')
    expect(worker.syncTags).toEqual([])
    const { subscription } = worker
    expect(subscription).not.toBeNull()
    expect(backend.received.at(-1)).toMatchObject({ body: { subscription, replaces: old } })
  })

  test('the old one is remembered where only the event knew of it', async () => {
    const { worker, backend, old } = await load({
      engine: 'firefox',
      before: failing(1, 'AbortError'),
      record: { hold: undefined, applicationServerKey: key, mayHold: [] },
      backend: Object.assign(createBackend(), { status: 503 }),
    })
    await using _ = worker
    expect(await worker.changeSubscription()).not.toHaveProperty('failed')
    expect(await readRecord()).toMatchObject({ mayHold: [old], retry: { code: 'backend-failed' } })
    expect(backend.received).toMatchObject([{ method: 'DELETE' }])
  })

  test('without the permission nothing is tried again', async () => {
    const { worker } = await load({ before: failing(1, 'NotAllowedError') })
    await using _ = worker
    await worker.changeSubscription()
    expect(worker.syncTags).toEqual([])
  })

  test('a backend that cannot be told is told at a background sync', async () => {
    const { worker, backend } = await load()
    await using _ = worker
    backend.status = 503
    await worker.changeSubscription()
    expect(worker.syncTags).toEqual(['pushwell'])
    backend.status = 200
    expect(await worker.sync('pushwell')).not.toHaveProperty('failed')
    const { endpoint } = present(worker.subscription)
    expect(await readRecord()).toMatchObject({ mayHold: [endpoint], retry: undefined })
  })

  test('a backend that wants a sign-in is not told before', async () => {
    const { worker, backend } = await load({ record: { recipient: 'anna' } })
    await using _ = worker
    backend.status = 401
    await worker.changeSubscription()
    expect(worker.syncTags).toEqual([])
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
    const { worker, backend } = await load({ before: renewedWith(key) })
    await using _ = worker
    await worker.changeSubscription()
    expect(backend.received).toMatchObject([{ body: { subscription: worker.subscription } }])
  })

  test('is left to the page when it was made with another key', async () => {
    const { worker, backend } = await load({ before: renewedWith(makeKey()) })
    await using _ = worker
    const before = await readRecord()
    await worker.changeSubscription()
    expect((await readRecord())?.hold).toEqual(before?.hold)
    expect(backend.received.map(({ body }) => body.subscription)).not.toContainEqual(
      worker.subscription,
    )
  })
})
