import { describe, expect, test } from 'vitest'
import {
  type FakeWorkerScope,
  loadWorker,
  type LoadWorkerOptions,
  type WorkerEngine,
} from '../../../src/testing/worker/index.ts'
import { running } from './running-worker.ts'

type Scope = FakeWorkerScope

const engines: readonly WorkerEngine[] = ['chromium', 'firefox', 'webkit']

const key =
  'BDd3_hVL9fZi9Ybo2UUzA284WG5FZR30_95YeZJsiApwXKpNcF1rRPF3foIiBHXRdJI2Qhumhf6_LFTeZaNndIo'

/** Runs a function in a worker, and gives the name of what it was rejected with, or `ok`. */
async function outcomeIn(call: (self: Scope) => unknown, options: LoadWorkerOptions) {
  await using worker = await running(call, options)
  const { failed } = await worker.message('go')
  return failed === undefined ? 'ok' : (failed as Error).name
}

const silent = () => undefined

describe('without permission', () => {
  test.each(engines)('nothing is shown and nobody subscribes in %s', async (engine) => {
    const denied = { engine, permission: 'denied' } as const
    const show = ({ registration }: Scope) => registration.showNotification('a')
    const options = { userVisibleOnly: true, applicationServerKey: key }
    const subscribe = ({ registration }: Scope) => registration.pushManager.subscribe(options)
    expect(await outcomeIn(show, denied)).toBe('TypeError')
    expect(await outcomeIn(subscribe, denied)).toBe('NotAllowedError')
  })

  test('there is no subscription any more', async () => {
    await using worker = await running(silent)
    worker.permission = 'denied'
    expect(worker.subscription).toBeNull()
    expect(await worker.push()).toMatchObject({ delivered: false })
  })
})

describe('subscribe', () => {
  const outcomesOf = (call: (self: Scope) => unknown, options: LoadWorkerOptions = {}) =>
    Promise.all(engines.map((engine) => outcomeIn(call, { engine, ...options })))
  const fresh = { subscription: false }

  test('insists on what the engine insists on', async () => {
    const withoutPromise = ({ registration }: Scope) =>
      registration.pushManager.subscribe({ applicationServerKey: key })
    const withoutKey = ({ registration }: Scope) =>
      registration.pushManager.subscribe({ userVisibleOnly: true })
    expect(await outcomesOf(withoutPromise, fresh)).toEqual([
      'NotAllowedError',
      'ok',
      'NotAllowedError',
    ])
    expect(await outcomesOf(withoutKey, fresh)).toEqual(['AbortError', 'ok', 'NotSupportedError'])
  })

  test('refuses another key than that of the subscription there is', async () => {
    const again = async ({ registration }: Scope) => {
      const options = { userVisibleOnly: true, applicationServerKey: key }
      await registration.pushManager.subscribe(options)
    }
    const other = { applicationServerKey: key.replace('BDd3', 'BDd4') }
    expect(await outcomesOf(again, other)).toEqual(Array(3).fill('InvalidStateError'))
    expect(await outcomesOf(again, { applicationServerKey: key })).toEqual(Array(3).fill('ok'))
  })

  test('gives one that can be encrypted for, and ended once', async () => {
    const found: unknown[] = []
    await using worker = await running(async ({ registration }) => {
      const subscription = await registration.pushManager.getSubscription()
      found.push(
        subscription?.getKey('p256dh')?.byteLength,
        subscription?.getKey('auth')?.byteLength,
      )
      found.push(await subscription?.unsubscribe(), await subscription?.unsubscribe())
    })
    expect(worker.subscription).toMatchObject({ keys: { auth: expect.any(String) } })
    expect(await worker.message('go')).toEqual({ handled: true })
    expect(found).toEqual([65, 16, true, false])
    expect(worker.subscription).toBeNull()
  })
})

test('pushsubscriptionchange tells the old subscription, except in Chromium', async () => {
  const told = engines.map(async (engine) => {
    const seen: unknown[] = []
    await using worker = await loadWorker(
      (self: Scope) => {
        self.addEventListener('pushsubscriptionchange', (event) => {
          seen.push(event.oldSubscription?.endpoint, event.newSubscription)
        })
      },
      { engine },
    )
    const endpoint = worker.subscription?.endpoint
    await worker.changeSubscription()
    return [seen[0] === endpoint, seen[0], seen[1], worker.subscription]
  })
  expect(await Promise.all(told)).toEqual([
    [false, undefined, null, null],
    [true, expect.any(String), null, null],
    [true, expect.any(String), null, null],
  ])
})

test.each([
  ['chromium', 10_000],
  ['firefox', 1000],
  ['webkit', 2000],
] as const)('a click lets windows be opened for a while in %s', async (engine, activationMs) => {
  let time = 0
  const openAfter = async (wait: number) => {
    await using worker = await loadWorker(
      (self: Scope) => {
        self.addEventListener('push', (event) => {
          event.waitUntil(self.registration.showNotification('a'))
        })
        self.addEventListener('notificationclick', (event) => {
          time += wait
          event.waitUntil(self.clients.openWindow('/'))
        })
      },
      { engine, now: () => time },
    )
    await worker.push()
    const [shown] = worker.notifications
    return shown && worker.click(shown)
  }
  expect(await openAfter(activationMs)).toMatchObject({ opened: ['https://app.example/'] })
  expect(await openAfter(activationMs + 1)).toMatchObject({
    opened: [],
    failed: { name: 'InvalidAccessError' },
  })
})

test('a sync event comes where there is Background Sync, until it goes well', async () => {
  let fails = true
  await using worker = await loadWorker((self: Scope) => {
    self.addEventListener('sync', (event) => {
      event.waitUntil(fails ? Promise.reject(new Error('offline')) : Promise.resolve())
    })
    self.addEventListener('message', (event) => {
      event.waitUntil(self.registration.sync?.register('outbox') ?? Promise.resolve())
    })
  })
  await worker.message('go')
  expect(await worker.sync('outbox')).toMatchObject({ failed: { message: 'offline' } })
  expect(worker.syncTags).toEqual(['outbox'])
  fails = false
  await worker.sync('outbox')
  expect(worker.syncTags).toEqual([])
  await using firefox = await running(silent, { engine: 'firefox' })
  await expect(firefox.sync('outbox')).rejects.toThrow(TypeError)
})

test('a click on what is not there is the test’s mistake', async () => {
  await using worker = await running(({ registration }) => registration.showNotification('a'))
  const { shown } = await worker.push()
  const [notification] = shown
  if (!notification) throw new Error('Nothing was shown.')
  await expect(worker.click(notification, 'track')).rejects.toThrow(/action/)
  await worker.close(notification)
  await expect(worker.click(notification)).rejects.toThrow(/not on the screen/)
})
