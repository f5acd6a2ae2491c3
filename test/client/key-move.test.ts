import { describe, expect, test, vi } from 'vitest'
import { keyMoveScope } from '../../src/shared/key-move-scope.ts'
import { createFakePage, fakeKey } from './fake-page-platform.ts'
import { asked, load, phase, rows, settleMs, stay } from './key-move-world.ts'
import { start } from './start-client.ts'

describe('a move to another key', () => {
  test('goes over a second registration and back to the first, one live endpoint at a time', async () => {
    const world = await asked()
    const { page, dead } = world
    const push = load(page)
    expect(await push.prepare()).toEqual({ status: 'subscribed', sync: 'synced' })
    expect(await phase(world)).toBe('bridge')
    expect(page.registered.at(-1)).toEqual({
      url: 'https://app.example/sw.js',
      options: {
        scope: keyMoveScope(page.worker.scope),
        updateViaCache: 'none',
        type: 'classic',
      },
    })
    expect(rows(world)).toEqual([['2', 2]])
    expect(page.subscription?.endpoint).toBe('https://push.example/1')
    page.now += settleMs
    expect(await push.prepare()).toEqual({ status: 'subscribed', sync: 'synced' })
    expect(await phase(world)).toBe('settle')
    expect(rows(world)).toEqual([['3', 2]])
    expect(page.bridgeSubscription?.endpoint).toBe('https://push.example/2')
    page.now += settleMs
    expect(await push.prepare()).toEqual({ status: 'subscribed', sync: 'synced' })
    expect(await phase(world)).toBeUndefined()
    expect(page.bridge).toBeUndefined()
    expect(page.bridgeSubscription).toBeNull()
    expect(rows(world)).toEqual([['3', 2]])
    expect(dead).toEqual([])
  })

  test('takes each step after settleMs and not before, and asks the backend for nothing more', async () => {
    const world = await asked()
    const { page } = world
    const push = load(page)
    await push.prepare()
    page.requests.length = 0
    page.now += settleMs - 1
    await push.prepare()
    expect(await phase(world)).toBe('bridge')
    expect(page.requests).toEqual([])
    page.now += 1
    await push.prepare()
    // The page's own timer may have come to it before.
    await expect.poll(() => page.requests.map(({ method }) => method)).toEqual(['PUT'])
    page.now += settleMs - 1
    await push.prepare()
    expect(await phase(world)).toBe('settle')
    expect(page.requests).toHaveLength(1)
  })

  test('leaves a browser that may have just started the time to get what waited for it', async () => {
    const world = await asked()
    const { page } = world
    await load(page).prepare()
    for (const expected of ['settle', undefined]) {
      page.now += 86_400_000
      const before = await phase(world)
      const closing = new AbortController()
      const push = load(page, { signal: closing.signal })
      await push.prepare()
      page.now += 5000
      await push.prepare()
      expect(await phase(world)).toBe(before)
      page.now += 5000
      await push.prepare()
      expect(await phase(world)).toBe(expected)
      closing.abort()
    }
  })

  test('comes to its end also when every visit is short', async () => {
    const world = await asked()
    for (let visit = 0; visit < 5; visit += 1) {
      const closing = new AbortController()
      await load(world.page, { signal: closing.signal }).prepare()
      closing.abort()
      world.page.now += 3_600_000
    }
    expect(await phase(world)).toBeUndefined()
    expect(rows(world)).toEqual([['3', 2]])
  })

  test('leaves the second registration until nothing that it has shown is on the screen', async () => {
    const world = await asked()
    const { page } = world
    await stay(page)
    page.bridgeNotifications = [{} as Notification]
    for (let index = 0; index < 3; index += 1) {
      page.now += settleMs
      await stay(page)
    }
    expect(await phase(world)).toBeUndefined()
    expect(page.bridgeSubscription).toBeNull()
    expect(page.bridge).toBeDefined()
    page.bridgeNotifications = []
    await load(page).prepare()
    expect(page.bridge).toBeUndefined()
    expect(rows(world)).toEqual([['3', 2]])
  })

  test('takes a signed-out user’s notifications off the screen, also where the second one has shown them', async () => {
    const { page } = await asked()
    const push = load(page)
    await push.prepare()
    await push.identify('alice')
    let closed = 0
    const data = { pushwell: { v: 1, recipient: 'alice' } }
    page.bridgeNotifications = [{ data, close: () => (closed += 1) } as unknown as Notification]
    await push.identify('bob')
    expect(closed).toBe(1)
  })

  test('stays with its key though the app is configured with the old one', async () => {
    const world = await asked()
    const { page } = world
    await stay(page)
    for (let index = 0; index < 3; index += 1) {
      page.now += settleMs
      await stay(page)
    }
    page.requests.length = 0
    await stay(page)
    expect(page.requests).toEqual([])
    expect(rows(world)).toEqual([['3', 2]])
    await load(page, { applicationServerKey: fakeKey(3) }).prepare()
    expect(rows(world).at(-1)?.[1]).not.toBe(1)
  })

  test('of a module worker registers it as a module', async () => {
    const { page } = await asked()
    await load(page, { serviceWorker: { url: '/sw.js', type: 'module' } }).prepare()
    expect(page.registered.at(-1)?.options?.type).toBe('module')
  })
})

test('an app that is configured with another key in the middle of a move gets that one', async () => {
  const page = createFakePage()
  page.respond = ({ body, method }) => {
    if (method === 'DELETE') return new Response(null, { status: 204 })
    return Response.json(
      body?.applicationServerKey === fakeKey(1)
        ? { status: 'rotate', applicationServerKey: fakeKey(2) }
        : { status: 'ok' },
    )
  }
  await start(page, { settleMs: 1000 }).push.enable()
  expect(page.bridge).toBeDefined()
  const { push } = start(page, { applicationServerKey: fakeKey(3), settleMs: 1000 })
  const told = () => page.requests.findLast(({ method }) => method === 'PUT')?.body
  // One move after the other, each over its bridge.
  for (let step = 0; step < 6; step += 1) {
    await push.prepare()
    expect(push.state).toEqual({ status: 'subscribed', sync: 'synced' })
    page.now += 1000
  }
  expect(told()).toMatchObject({
    applicationServerKey: fakeKey(3),
    subscription: { endpoint: page.subscription?.endpoint },
  })
  expect(page.bridge).toBeUndefined()
})

test('a tab with an older key in its code does not take back what a newer one has changed', async () => {
  const page = createFakePage()
  const seen: unknown[] = []
  const options = { applicationServerKey: fakeKey(1), debug: (entry: object) => seen.push(entry) }
  const older = start(page, options)
  await older.push.enable()
  await older.push.prepare()
  await start(page, { applicationServerKey: fakeKey(2) }).push.prepare()
  const held = page.subscription
  seen.length = 0
  page.events.dispatchEvent(new Event('focus'))
  await vi.waitFor(() => expect(seen).not.toEqual([]))
  expect(page.subscription).toBe(held)
})
