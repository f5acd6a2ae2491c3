import { expect, test, vi } from 'vitest'
import { createFakePage, fakeKey, type FakePage } from './fake-page-platform.ts'
import { fakeSubscription } from './fake-subscription.ts'
import { endpoint, start } from './start-client.ts'

/** A push service that is not reached yet: each call of `subscribe()` waits for it. */
interface SlowService {
  readonly page: FakePage
  /** How many calls wait or have waited. */
  readonly asked: () => number
  /** Answers the call with this number, from 1 on. As in Chromium, the last answer counts. */
  readonly answer: (number: number) => void
}

function slowService(): SlowService {
  const page = createFakePage()
  page.permission = 'granted'
  page.platform.needsGesture = false
  const answers: (() => void)[] = []
  page.subscribe = () =>
    new Promise((resolve) => {
      const subscription = fakeSubscription(page, `${answers.length + 1}`, fakeKey(1))
      answers.push(() => {
        page.subscription = subscription
        resolve(subscription)
      })
    })
  return { page, asked: () => answers.length, answer: (number) => answers[number - 1]?.() }
}

/** A client whose calls of the browser are given up at once. */
const impatient = (page: FakePage) => start(page, { timeoutMs: 50 }).push

const methods = (page: FakePage) => page.requests.map(({ method }) => method)
const timeout = { code: 'timeout' }

test('a subscription that comes after enable() gave up reaches the backend by itself', async () => {
  const { page, answer } = slowService()
  const push = impatient(page)
  await expect(push.enable()).rejects.toMatchObject(timeout)
  answer(1)
  await vi.waitFor(() => expect(push.state).toEqual({ status: 'subscribed', sync: 'synced' }))
  expect(page.requests).toMatchObject([{ method: 'PUT' }])
})

test('enable, disable, enable, none of which reached the push service, come to one subscription and one PUT', async () => {
  const { page, asked, answer } = slowService()
  const push = impatient(page)
  await push.prepare()
  await expect(push.enable()).rejects.toMatchObject(timeout)
  await push.disable()
  await expect(push.enable()).rejects.toMatchObject(timeout)
  page.events.dispatchEvent(new Event('online'))
  answer(1)
  await vi.waitFor(() => expect(push.state).toEqual({ status: 'subscribed', sync: 'synced' }))
  // Whatever else is under way is done before this.
  await push.prepare()
  expect(asked()).toBe(1)
  expect(page.requests).toMatchObject([
    { method: 'PUT', body: { subscription: { endpoint: endpoint('1') } } },
  ])
})

test('a subscription that comes after disable() is given up', async () => {
  const { page, answer } = slowService()
  const push = impatient(page)
  await expect(push.enable()).rejects.toMatchObject(timeout)
  await push.disable()
  answer(1)
  expect(page.subscription).not.toBeNull()
  await vi.waitFor(() => expect(page.subscription).toBeNull())
  await push.prepare()
  expect(push.state).toEqual({ status: 'unsubscribed' })
  expect(methods(page)).not.toContain('PUT')
})

test('a subscription that another tab had given up takes the place of this tab’s at the backend too', async () => {
  const { page, asked, answer } = slowService()
  const other = impatient(page)
  await expect(other.enable()).rejects.toMatchObject(timeout)
  const { push } = start(page)
  const enabling = push.enable()
  await vi.waitFor(() => expect(asked()).toBe(2))
  answer(2)
  await enabling
  answer(1)
  await vi.waitFor(() =>
    expect(page.requests).toMatchObject([
      { body: { subscription: { endpoint: endpoint('2') } } },
      { body: { subscription: { endpoint: endpoint('1') }, replaces: endpoint('2') } },
    ]),
  )
})

test('also one that was begun in a click reaches the backend when it comes late', async () => {
  const { page, answer } = slowService()
  page.platform.needsGesture = true
  const push = impatient(page)
  await push.disable()
  await push.prepare()
  await expect(push.enable()).rejects.toMatchObject(timeout)
  answer(1)
  await vi.waitFor(() => expect(push.state).toEqual({ status: 'subscribed', sync: 'synced' }))
  expect(methods(page)).toEqual(['PUT'])
})

test('a subscribing that failed is begun again', async () => {
  const { page, asked } = slowService()
  const push = impatient(page)
  const { subscribe } = page
  page.subscribe = () => Promise.reject(new DOMException('', 'AbortError'))
  await expect(push.enable()).rejects.toMatchObject({ code: 'push-service-failed' })
  page.subscribe = subscribe
  await expect(push.enable()).rejects.toMatchObject(timeout)
  expect(asked()).toBe(1)
})

test('a client that has ended leaves a late subscription alone', async () => {
  const { page, answer } = slowService()
  const end = new AbortController()
  const { push } = start(page, { timeoutMs: 50, signal: end.signal })
  await expect(push.enable()).rejects.toMatchObject(timeout)
  end.abort()
  answer(1)
  const next = start(page).push
  await next.prepare()
  expect(methods(page)).toEqual(['PUT'])
  const { failures } = await next.diagnose()
  expect(failures).toMatchObject([timeout])
})
