import { describe, expect, test, vi } from 'vitest'
import { createDatabaseConnection } from '../../src/shared/database-connection.ts'
import { createRegistrationRecords } from '../../src/shared/registration-records.ts'
import { createFakePage, fakeKey, type FakePage } from './fake-page-platform.ts'
import { fakeSubscription } from './fake-subscription.ts'
import { enabledBefore, start } from './start-client.ts'

const down = () => Promise.reject(new Error('down'))
const never = () => new Promise<never>(() => undefined)
const refuse =
  (name: string, message = '') =>
  () =>
    Promise.reject(new DOMException(message, name))
const methods = (page: FakePage) => page.requests.map(({ method }) => method)

describe('enable()', () => {
  test('counts although the key cannot be fetched', async () => {
    const { page, push } = start(undefined, { applicationServerKey: down })
    await expect(push.enable()).rejects.toThrow('down')
    expect(await start(page).push.prepare()).toMatchObject({ status: 'subscribed' })
  })

  test('counts although the page dies while another tab has its turn', async () => {
    const { page, push } = await enabledBefore()
    await push.disable()
    await push.prepare()
    const { locks } = page.platform
    page.platform.locks = { request: never } as unknown as NonNullable<typeof locks>
    push.enable().catch(() => undefined)
    const records = createRegistrationRecords(createDatabaseConnection())
    const { scope } = page.worker
    await vi.waitFor(async () => expect((await records.get(scope))?.enabled).toBe(true))
    page.platform.locks = locks
    expect(await start(page).push.prepare()).toMatchObject({ status: 'subscribed' })
  })

  test('subscribes within the click where permission is granted and nothing was subscribed yet', async () => {
    const page = createFakePage()
    page.permission = 'granted'
    const { push } = start(page)
    await push.prepare()
    const subscribe = vi.fn(() => {
      page.subscription = fakeSubscription(page, '1', fakeKey(1))
      return Promise.resolve(page.subscription)
    })
    page.subscribe = subscribe
    const enabling = push.enable()
    expect(subscribe).toHaveBeenCalledOnce()
    await enabling
  })

  test('subscribes once, with the key that the app is configured with now', async () => {
    const { page, push } = await enabledBefore()
    await push.disable()
    const next = start(page, { applicationServerKey: fakeKey(2) }).push
    await next.prepare()
    const subscribe = vi.spyOn(page.worker.pushManager, 'subscribe')
    await next.enable()
    expect(subscribe).toHaveBeenCalledOnce()
  })

  test('says what the first try failed for, not what a second one would', async () => {
    const { page, push } = await enabledBefore()
    await push.disable()
    await push.prepare()
    const subscribe = vi.fn(refuse('NotAllowedError'))
    page.subscribe = subscribe.mockImplementationOnce(refuse('AbortError', 'push service error'))
    await expect(push.enable()).rejects.toMatchObject({ code: 'push-service-failed' })
  })
})

describe('the backend is told', () => {
  test('of disable(), also when the browser keeps the subscription', async () => {
    const { page, push } = await enabledBefore()
    page.unsubscribe = down
    await expect(push.disable()).rejects.toMatchObject({ code: 'unsubscribe-failed' })
    expect(methods(page)).toEqual(['DELETE'])
  })

  test.each<[string, (page: FakePage) => Parameters<typeof start>[1]]>([
    ['the key cannot be fetched', () => ({ applicationServerKey: down })],
    [
      'the browser wants a click',
      (page) => {
        page.subscription = null
        page.subscribe = refuse('NotAllowedError')
        return {}
      },
    ],
  ])('of a sign-out from offline at the next load, although %s', async (_, arrange) => {
    const { page, push } = await enabledBefore()
    await push.identify('ann')
    const { respond } = page
    page.respond = () => Promise.reject(new TypeError('offline'))
    await push.forget()
    page.respond = respond
    page.requests.length = 0
    await start(page, arrange(page))
      .push.prepare()
      .catch(() => undefined)
    expect(page.requests).toContainEqual(
      expect.objectContaining({ body: expect.objectContaining({ signedOut: true }) as unknown }),
    )
  })

  test('of a revoked permission, whatever waits for a sign-in', async () => {
    const { page, push } = await enabledBefore()
    await push.identify('ann')
    page.respond = () => new Response('', { status: 401 })
    await push.setTags({ add: ['news'] })
    page.respond = () => new Response(null, { status: 204 })
    page.requests.length = 0
    page.permission = 'denied'
    page.subscription = null
    await start(page).push.prepare()
    expect(methods(page)).toEqual(['DELETE'])
  })

  test('when it is another one than before', async () => {
    const { page } = await enabledBefore()
    await start(page, { sync: { url: 'https://app.example/other' } }).push.prepare()
    expect(page.requests.map(({ path }) => path)).toEqual(['/other/subscriptions'])
  })

  test('by the app’s own transport alone, once there is one: the worker knows no URL any more', async () => {
    const { page } = await enabledBefore()
    const put = () => Promise.resolve({ status: 'ok' } as const)
    const remove = () => Promise.resolve()
    await start(page, { sync: { put, remove } }).push.prepare()
    const records = createRegistrationRecords(createDatabaseConnection())
    expect((await records.get(page.worker.scope))?.syncUrl).toBeUndefined()
  })
})

describe('nothing is given up for what may not come', () => {
  test('a browser that wants a click keeps its subscription, though the key has changed', async () => {
    const { page } = await enabledBefore()
    page.subscribe = refuse('NotAllowedError')
    const { push } = start(page, { applicationServerKey: fakeKey(2) })
    expect(await push.prepare()).toMatchObject({ status: 'subscribed' })
    expect(page.subscription).not.toBeNull()
  })

  test('ten tabs on a backend that hangs are all prepared, and ask it once', async () => {
    const { page } = await enabledBefore({ timeoutMs: 100 })
    page.now += 86_400_000
    page.respond = never
    const tabs = Array.from({ length: 10 }, () => start(page, { timeoutMs: 100 }).push)
    const states = await Promise.all(tabs.map((push) => push.prepare()))
    expect(new Set(states.map(({ status }) => status))).toEqual(new Set(['subscribed']))
    expect(methods(page)).toEqual(['PUT'])
  })

  test('a hanging getNotifications() does not keep a sign-out from the backend', async () => {
    const { page, push } = await enabledBefore()
    await push.identify('ann')
    page.worker.getNotifications = never
    page.requests.length = 0
    await push.forget()
    expect(page.requests).toMatchObject([{ body: { signedOut: true } }])
  })
})

test('the signal ends the wait for another tab', async () => {
  const { page } = await enabledBefore()
  const controller = new AbortController()
  const { push } = start(page, { signal: controller.signal, timeoutMs: 60_000 })
  page.locks.request(`pushwell ${page.worker.scope}`, never).catch(() => undefined)
  const preparing = push.prepare()
  await vi.waitFor(() => expect(page.locks.count(`pushwell ${page.worker.scope}`)).toBe(2))
  controller.abort()
  await expect(preparing).rejects.toMatchObject({ code: 'aborted' })
})

test('what fails is in the report', async () => {
  const { page, push } = await enabledBefore()
  page.subscription = null
  page.subscribe = refuse('AbortError', 'push service error')
  await expect(push.prepare()).rejects.toThrow()
  const { failures } = await push.diagnose()
  expect(failures.map(({ code }) => code)).toContain('push-service-failed')
})
