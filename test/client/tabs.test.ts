import { describe, expect, test, vi } from 'vitest'
import type { PushClientOptions } from '../../src/client/index.ts'
import { createFakePage, fakeKey } from './fake-page-platform.ts'
import { fakeSubscription } from './fake-subscription.ts'
import { enabledBefore, endpoint, start } from './start-client.ts'

/** So many tabs of one browser. */
function openTabs(count: number, options: Partial<PushClientOptions> = {}) {
  const page = createFakePage()
  const tabs = Array.from({ length: count }, () => start(page, options).push)
  return { page, tabs }
}

describe('ten tabs', () => {
  test('that enable at once make one subscription and one PUT', async () => {
    const { page, tabs } = openTabs(10)
    const results = await Promise.all(tabs.map((push) => push.enable()))
    expect(results.every(({ ok }) => ok)).toBe(true)
    expect(page.asked).toBe(1)
    expect(page.subscription?.endpoint).toBe(endpoint('1'))
    expect(page.requests.map(({ method }) => method)).toEqual(['PUT'])
    for (const { state } of tabs) expect(state).toEqual({ status: 'subscribed', sync: 'synced' })
  })

  test('that load at once tell a backend what it missed once', async () => {
    const { page } = await enabledBefore()
    page.now += 86_400_000
    const tabs = Array.from({ length: 10 }, () => start(page).push)
    await Promise.all(tabs.map((push) => push.prepare()))
    expect(page.requests).toHaveLength(1)
  })

  test('that disable at once remove it once', async () => {
    const { page } = await enabledBefore()
    const tabs = Array.from({ length: 10 }, () => start(page).push)
    await Promise.all(tabs.map((push) => push.disable()))
    expect(page.requests.map(({ method }) => method)).toEqual(['DELETE'])
    expect(page.subscription).toBeNull()
  })
})

describe('what changes in one tab shows in the others', () => {
  test('enable, disable, and back', async () => {
    const { tabs } = openTabs(3)
    const [first, second, third] = tabs
    for (const push of tabs) await push.prepare()
    const seen: string[] = []
    third?.onChange(() => seen.push(third.state.status))
    await first?.enable()
    await expect
      .poll(() => tabs.map(({ state }) => state.status))
      .toEqual(Array(3).fill('subscribed'))
    await second?.disable()
    await expect
      .poll(() => tabs.map(({ state }) => state.status))
      .toEqual(Array(3).fill('unsubscribed'))
    expect(seen).toEqual(['subscribed', 'unsubscribed'])
  })

  test('that the backend has fallen silent, and that it answers again', async () => {
    const { page, tabs } = openTabs(2)
    const [first, second] = tabs
    for (const push of tabs) await push.prepare()
    await first?.enable()
    const { respond } = page
    page.respond = () => new Response('', { status: 500 })
    await first?.setTags({ add: ['a'] })
    await expect
      .poll(() => second?.state)
      .toEqual({ status: 'subscribed', sync: 'pending', reason: 'backend-failed' })
    page.respond = respond
    await second?.setTags({ add: ['b'] })
    await expect.poll(() => first?.state).toEqual({ status: 'subscribed', sync: 'synced' })
  })

  test('but nothing is told back and forth', async () => {
    const { page, tabs } = openTabs(3)
    for (const push of tabs) await push.prepare()
    let said = 0
    page.channels.open('pushwell').addEventListener('message', () => (said += 1))
    // Each has heard of the change before it makes its own.
    for (const push of tabs) await push.setTags({ add: ['a'] })
    // Looks after whoever has heard of the last one did.
    for (const push of tabs) await push.diagnose()
    expect(said).toBe(3)
  })

  test('until a tab’s signal ends it', async () => {
    const { page, push: first } = start()
    const end = new AbortController()
    const { push: second } = start(page, { signal: end.signal })
    await first.prepare()
    await second.prepare()
    expect(page.channels.count()).toBe(2)
    end.abort()
    expect(page.channels.count()).toBe(1)
    await first.enable()
    expect(second.state).toEqual({ status: 'prompt' })
  })
})

describe('two tabs', () => {
  test('take turns: what one decides is not undone by what the other has read before', async () => {
    const { page, push: slow } = await enabledBefore()
    page.now += 86_400_000
    const { push: other } = start(page)
    let answer: (response: Response) => void = () => undefined
    const asked = new Promise<void>((resolve) => {
      page.respond = ({ method }) => {
        if (method !== 'PUT') return new Response(null, { status: 204 })
        resolve()
        return new Promise((respond) => (answer = respond))
      }
    })
    const preparing = slow.prepare()
    await asked
    const disabling = other.disable()
    answer(Response.json({ status: 'ok' }))
    await Promise.all([preparing, disabling])
    expect(page.subscription).toBeNull()
    expect(page.requests.map(({ method }) => method)).toEqual(['PUT', 'DELETE'])
    expect(await start(page).push.prepare()).toEqual({ status: 'unsubscribed' })
  })

  test('take turns also around a push service that takes its time', async () => {
    const { page, push: slow } = start()
    const { push: other } = start(page)
    await slow.prepare()
    await other.prepare()
    let answer: () => void = () => undefined
    const asked = new Promise<void>((resolve) => {
      page.subscribe = () => {
        resolve()
        return new Promise((subscribed) => {
          answer = () => {
            page.subscription = fakeSubscription(page, '1', fakeKey(1))
            subscribed(page.subscription)
          }
        })
      }
    })
    const enabling = slow.enable()
    await asked
    const disabling = other.disable()
    await vi.waitFor(() => expect(page.locks.count(`pushwell ${page.worker.scope}`)).toBe(2))
    answer()
    await Promise.all([enabling, disabling])
    expect(page.subscription).toBeNull()
    // Whether the first decision was sent before the second one came is a matter of moments.
    expect(page.requests.at(-1)?.method).not.toBe('PUT')
  })

  test('work without locks and without a channel, each for itself', async () => {
    const page = createFakePage()
    page.platform.locks = undefined
    page.platform.openChannel = undefined
    const tabs = [start(page).push, start(page).push]
    for (const push of tabs) await push.prepare()
    await tabs[0]?.enable()
    expect(await tabs[1]?.prepare()).toEqual({ status: 'subscribed', sync: 'synced' })
    expect(page.requests).toHaveLength(1)
  })
})

describe('what one tab learns', () => {
  test('of a refusal, the others say too', async () => {
    const page = createFakePage()
    const { push } = start(page)
    const other = start(page).push
    await push.prepare()
    await other.prepare()
    page.answer = 'denied'
    await push.enable()
    await expect.poll(() => other.state.status).toBe('blocked')
  })

  test('of "not now", keeps the others from asking', async () => {
    const page = createFakePage()
    const { push } = start(page)
    const other = start(page).push
    await push.prepare()
    await other.prepare()
    expect(other.canAsk()).toBe(true)
    await push.postpone()
    await expect.poll(() => other.canAsk()).toBe(false)
  })

  test('of a backend that failed, another tries again when it is gone', async () => {
    const page = createFakePage()
    page.platform.now = Date.now
    page.platform.random = () => 0.05
    const controller = new AbortController()
    const { push } = start(page, { signal: controller.signal })
    const other = start(page).push
    await push.prepare()
    await other.prepare()
    const { respond } = page
    page.respond = () => new Response('', { status: 500 })
    await push.enable()
    controller.abort()
    page.respond = respond
    await expect
      .poll(() => other.state, { timeout: 3000 })
      .toEqual({
        status: 'subscribed',
        sync: 'synced',
      })
  })
})
