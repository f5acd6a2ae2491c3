import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createWakeUps } from '../../src/client/wake-ups.ts'
import type { RegistrationRecord } from '../../src/shared/registration-record.ts'
import { createFakePage } from './fake-page-platform.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** Wake-ups of one page, and why it was woken. */
function setUp(wake: () => Promise<unknown> = () => Promise.resolve()) {
  const page = createFakePage()
  const permission = new EventTarget()
  page.platform.permissions = { query: () => Promise.resolve(permission as PermissionStatus) }
  const end = new AbortController()
  const reasons: string[] = []
  const wakeUps = createWakeUps(
    () => page.platform,
    end.signal,
    (reason) => {
      reasons.push(reason)
      return wake()
    },
  )
  /** Lets time go by, on the page’s clock as well. */
  const pass = async (ms: number) => {
    page.now += ms
    await vi.advanceTimersByTimeAsync(ms)
  }
  return { page, permission, end, reasons, wakeUps, pass }
}

const scope = 'https://app.example/'
const retryAt = (nextTry: number): RegistrationRecord => ({
  scope,
  mayHold: [],
  retry: { code: 'backend-failed', attempts: 1, notBefore: 0, nextTry },
})
const movingSince = (since: number): RegistrationRecord => ({
  scope,
  mayHold: [],
  keyMove: { to: 'key', phase: 'bridge', since },
})

describe('a page is woken', () => {
  test.each([
    ['online', 'online'],
    ['focus', 'focus'],
    ['visibilitychange', 'focus'],
  ])('by %s', (event, reason) => {
    const { page, reasons, wakeUps } = setUp()
    wakeUps.listen()
    page.events.dispatchEvent(new Event(event))
    expect(reasons).toEqual([reason])
  })

  test('by a changed permission, where the browser tells of one', async () => {
    const { permission, reasons, wakeUps } = setUp()
    wakeUps.listen()
    await Promise.resolve()
    permission.dispatchEvent(new Event('change'))
    expect(reasons).toEqual(['focus'])
  })

  test('by nothing before it listens', () => {
    const { page, reasons } = setUp()
    page.events.dispatchEvent(new Event('online'))
    expect(reasons).toEqual([])
  })

  test('by nothing after its end', async () => {
    const { end, page, pass, permission, reasons, wakeUps } = setUp()
    wakeUps.listen()
    await Promise.resolve()
    wakeUps.schedule(retryAt(page.now + 1000), 0)
    end.abort()
    for (const event of ['online', 'focus', 'visibilitychange']) {
      page.events.dispatchEvent(new Event(event))
    }
    permission.dispatchEvent(new Event('change'))
    wakeUps.schedule(retryAt(page.now + 1000), 0)
    expect(vi.getTimerCount()).toBe(0)
    await pass(10_000)
    expect(reasons).toEqual([])
  })

  test('without harm where the browser has nothing to listen to, or refuses', async () => {
    const { page, wakeUps } = setUp()
    page.platform.events = undefined
    page.platform.permissions = { query: () => Promise.reject(new TypeError('unknown')) }
    wakeUps.listen()
    page.platform.permissions = undefined
    wakeUps.listen()
    await vi.runAllTimersAsync()
  })

  test('again after a waking that failed', () => {
    const { page, reasons, wakeUps } = setUp(() => Promise.reject(new Error('no')))
    wakeUps.listen()
    page.events.dispatchEvent(new Event('online'))
    page.events.dispatchEvent(new Event('online'))
    expect(reasons).toEqual(['online', 'online'])
  })
})

describe('the timer', () => {
  test('wakes the page when the backend may be tried again, and not before', async () => {
    const { page, pass, reasons, wakeUps } = setUp()
    wakeUps.schedule(retryAt(page.now + 5000), 0)
    await pass(5000)
    expect(reasons).toEqual([])
    await pass(1)
    expect(reasons).toEqual(['timer'])
  })

  test('wakes the page when a move to another key has settled', async () => {
    const { page, pass, reasons, wakeUps } = setUp()
    wakeUps.schedule(movingSince(page.now - 1000), 60_000)
    await pass(59_000)
    expect(reasons).toEqual([])
    await pass(1)
    expect(reasons).toEqual(['timer'])
  })

  test('is one: what was set before does not count', async () => {
    const { page, pass, reasons, wakeUps } = setUp()
    wakeUps.schedule(retryAt(page.now + 1000), 0)
    wakeUps.schedule(retryAt(page.now + 2000), 0)
    await pass(1500)
    expect(reasons).toEqual([])
    await pass(1000)
    expect(reasons).toEqual(['timer'])
    wakeUps.schedule(retryAt(page.now + 1000), 0)
    wakeUps.schedule(undefined, 0)
    expect(vi.getTimerCount()).toBe(0)
  })

  test.each<[string, RegistrationRecord | undefined]>([
    ['nothing is known', undefined],
    ['nothing waits', { scope, mayHold: [] }],
    ['nothing but a sign-in helps', retryAt(Infinity)],
  ])('is not set while %s', (_, record) => {
    const { wakeUps } = setUp()
    wakeUps.schedule(record, 60_000)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('survives a moment that is further off than timers reach', async () => {
    const { page, pass, reasons, wakeUps } = setUp()
    wakeUps.schedule(retryAt(page.now + 10 ** 12), 0)
    await pass(1000)
    expect(reasons).toEqual([])
  })

  test('leaves what was due and did not get done for a minute', async () => {
    const { page, pass, reasons, wakeUps } = setUp()
    const record = retryAt(page.now + 1000)
    wakeUps.schedule(record, 0)
    await pass(1001)
    expect(reasons).toEqual(['timer'])
    wakeUps.schedule(record, 0)
    await pass(59_000)
    expect(reasons).toEqual(['timer'])
    await pass(1001)
    expect(reasons).toEqual(['timer', 'timer'])
    wakeUps.schedule(retryAt(page.now + 10), 0)
    await pass(11)
    expect(reasons).toHaveLength(3)
  })
})
