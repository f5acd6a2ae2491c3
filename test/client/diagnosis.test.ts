import { describe, expect, test, vi } from 'vitest'
import { createDatabaseConnection } from '../../src/shared/database-connection.ts'
import { createRegistrationRecords } from '../../src/shared/registration-records.ts'
import { version } from '../../src/shared/version.ts'
import { expectNoSecret } from './expect-no-secret.ts'
import { createFakePage, fakeKey, type FakePage } from './fake-page-platform.ts'
import { enabledBefore, endpoint, start } from './start-client.ts'

describe('a report', () => {
  test('of a browser that has not been asked', async () => {
    const { page, push } = start()
    expect(await push.diagnose()).toEqual({
      sdk: `pushwell/${version}`,
      state: { status: 'prompt' },
      environment: {
        secureContext: true,
        crossOriginFrame: false,
        serviceWorker: true,
        pushManager: true,
        windowPushManager: false,
        notification: true,
        locks: true,
        broadcastChannel: true,
        standalone: null,
        language: 'en-GB',
        platform: null,
        storage: 'persistent',
      },
      permission: 'default',
      registration: {
        scope: page.worker.scope,
        script: 'https://app.example/sw.js',
        state: 'activated',
        isUpdateWaiting: false,
        version,
        storage: 'persistent',
      },
      subscription: null,
      outbox: {
        next: null,
        mayHold: 0,
        reason: null,
        attempts: 0,
        nextTry: null,
        acknowledgedAt: null,
      },
      identity: 'never-told',
      failures: [],
      pushFailures: [],
    })
  })

  test('of a subscription that the backend knows, and of who is signed in', async () => {
    const { page, push } = await enabledBefore()
    await push.identify('ann@example', { tags: ['news'] })
    const acknowledgedAt = page.now
    page.now += 5000
    const report = await push.diagnose()
    expect(report).toMatchObject({
      state: { status: 'subscribed', sync: 'synced' },
      permission: 'granted',
      subscription: { ageMs: 5000, expirationTime: null, keyMove: null },
      outbox: { next: null, mayHold: 1, acknowledgedAt },
      identity: 'signed-in',
    })
    expectNoSecret(report)
    await push.forget()
    expect((await push.diagnose()).identity).toBe('signed-out')
  })

  test('of a backend that fails, with the last failures', async () => {
    const { page, push } = await enabledBefore()
    page.respond = () => new Response(endpoint('1'), { status: 500 })
    await push.setTags({ add: ['news'] })
    const report = await push.diagnose()
    expect(report.outbox).toMatchObject({
      next: 'PUT',
      mayHold: 1,
      reason: 'backend-failed',
      attempts: 1,
      nextTry: page.now + 1000,
    })
    expect(report.failures).toEqual([{ code: 'backend-failed', at: page.now }])
    expectNoSecret(report)
  })

  test('of a backend that waits for a sign-in has no time of a next try', async () => {
    const { page, push } = await enabledBefore()
    await push.identify('ann@example')
    page.respond = () => new Response('', { status: 401 })
    await push.setTags({ add: ['news'] })
    const { outbox } = await push.diagnose()
    expect(outbox).toMatchObject({ reason: 'backend-unauthorized', nextTry: null })
  })

  test('of a removal that the backend has not been told', async () => {
    const { page, push } = await enabledBefore()
    page.respond = () => Promise.reject(new TypeError(`fetch ${endpoint('1')}`))
    await push.disable()
    const report = await push.diagnose()
    expect(report).toMatchObject({ subscription: null, outbox: { next: 'DELETE', mayHold: 1 } })
    expectNoSecret(report)
  })

  test('of a move to another key says where it stands, and no key', async () => {
    const { page } = await enabledBefore()
    page.now += 86_400_000
    page.respond = ({ body }) =>
      body?.applicationServerKey === fakeKey(2)
        ? Response.json({ status: 'ok' })
        : Response.json({ status: 'rotate', applicationServerKey: fakeKey(2) })
    const { push } = start(page)
    page.registerBridge = () => Promise.reject(new Error(fakeKey(2)))
    await push.prepare()
    const asked = await push.diagnose()
    expect(asked.subscription?.keyMove).toBe('asked-for')
    page.registerBridge = null
    await push.prepare()
    const moving = await push.diagnose()
    expect(moving.subscription?.keyMove).toBe('bridge')
    expectNoSecret([asked, moving])
  })

  test.each<[string, (page: FakePage) => unknown, object]>([
    [
      'an insecure page',
      (page) => (page.platform.isSecureContext = false),
      { environment: { secureContext: false }, registration: null },
    ],
    [
      'a browser without notifications',
      (page) => (page.platform.notification = undefined),
      { environment: { notification: false }, permission: 'unavailable' },
    ],
    [
      'a blocked permission',
      (page) => (page.permission = 'denied'),
      { permission: 'denied', state: { status: 'blocked' } },
    ],
    [
      'a worker that does not register',
      (page) => (page.register = () => Promise.reject(new TypeError('no'))),
      { state: { status: 'prompt' }, registration: null, subscription: null },
    ],
    [
      'a worker of another version',
      (page) => (page.workerVersion = '0.0.1'),
      { registration: { version: '0.0.1' } },
    ],
    [
      'a worker that waits',
      (page) => Object.assign(page.worker, { waiting: {} }),
      { registration: { isUpdateWaiting: true } },
    ],
  ])('of %s', async (_, arrange, expected) => {
    const page = createFakePage()
    arrange(page)
    expect(await start(page).push.diagnose()).toMatchObject(expected)
  })

  test('of a worker that cannot store anything has what it alone knows, and what is stored', async () => {
    const { page, push } = await enabledBefore()
    const stored = { at: 1, stage: 'route', code: 'failed', id: 'm1' } as const
    await createRegistrationRecords(createDatabaseConnection()).update(
      page.worker.scope,
      (record) => ({ ...record, pushFailures: [stored] }),
    )
    const known = { at: 2, stage: 'storage', code: 'failed', id: 'm2' } as const
    const failures = [{ code: 'subscribe-failed', at: 3 }]
    page.workerReport = { storage: 'memory', failures, pushFailures: [stored, known] }
    expect(await push.diagnose()).toMatchObject({
      environment: { storage: 'persistent' },
      registration: { storage: 'memory' },
      failures,
      pushFailures: [stored, known],
    })
  })

  test('of a worker that tells its version and nothing more does not guess', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout'] })
    try {
      const page = createFakePage()
      page.workerReport = null
      const diagnosing = start(page).push.diagnose()
      for (let waits = 0; waits < 20; waits++) await vi.advanceTimersByTimeAsync(1000)
      expect((await diagnosing).registration).toMatchObject({ version, storage: null })
    } finally {
      vi.useRealTimers()
    }
  })

  test('is plain: it survives being written as JSON', async () => {
    const { push } = await enabledBefore()
    const report = await push.diagnose()
    expect(JSON.parse(JSON.stringify(report))).toEqual(report)
  })
})
