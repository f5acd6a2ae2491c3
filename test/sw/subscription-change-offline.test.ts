import { describe, expect, test } from 'vitest'
import type { WorkerScope } from '../../sw/index.ts'
import { createBackend, present, readRecord } from './load-push-worker.ts'
import { key, loadSubscribedWorker } from './subscribed-worker.ts'

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
    const { worker, backend, old } = await loadSubscribedWorker({
      before: failing(2, 'AbortError'),
    })
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
    const { worker, backend, old } = await loadSubscribedWorker({
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
    const { worker } = await loadSubscribedWorker({ before: failing(1, 'NotAllowedError') })
    await using _ = worker
    await worker.changeSubscription()
    expect(worker.syncTags).toEqual([])
  })

  test('a backend that cannot be told is told at a background sync', async () => {
    const { worker, backend } = await loadSubscribedWorker()
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
    const { worker, backend } = await loadSubscribedWorker({ record: { recipient: 'anna' } })
    await using _ = worker
    backend.status = 401
    await worker.changeSubscription()
    expect(worker.syncTags).toEqual([])
  })
})
