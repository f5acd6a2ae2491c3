import { describe, expect, test, vi } from 'vitest'
import type { PushClientOptions, PushState } from '../../src/client/index.ts'
import { createDatabaseConnection } from '../../src/shared/database-connection.ts'
import { keyMoveScope } from '../../src/shared/key-move-scope.ts'
import { type PutSubscriptionRequest, subscriptionId } from '../../src/shared/protocol.ts'
import { createRegistrationRecords } from '../../src/shared/registration-records.ts'
import { createModelBackend } from '../shared/model-backend.ts'
import { createFakePage, fakeKey, type FakePage, type FakeRequest } from './fake-page-platform.ts'
import { start } from './start-client.ts'

const settleMs = 60_000

/**
 * A browser that has enabled pushes under the first key, and a backend that wants the second one.
 * After each request, all that the backend holds must be subscribed in the browser.
 */
async function enabled() {
  let wanted: unknown = null
  const backend = createModelBackend()
  const dead: string[] = []
  const { page, push } = start()
  const live = () =>
    [page.subscription, page.bridgeSubscription].flatMap((it) => (it ? [it.endpoint] : []))
  const check = (request: FakeRequest) => {
    for (const endpoint of backend.rows.keys()) {
      if (!live().includes(endpoint)) dead.push(`${request.method} leaves ${endpoint}`)
    }
  }
  const net = { isCut: false, isAnswerLost: false }
  const answer = async (request: FakeRequest) => {
    const { method, body, path } = request
    if (net.isCut) {
      if (method === 'PUT') check(request)
      throw new TypeError('offline')
    }
    if (method === 'PUT') backend.put(body as unknown as PutSubscriptionRequest, null)
    for (const endpoint of method === 'DELETE' ? backend.rows.keys() : []) {
      if (path.endsWith(await subscriptionId(endpoint))) backend.remove(endpoint)
    }
    if (method === 'PUT') check(request)
    if (net.isAnswerLost) throw new TypeError('cut')
    if (method === 'DELETE') return new Response(null, { status: 204 })
    return body?.applicationServerKey === wanted || wanted === null
      ? Response.json({ status: 'ok' })
      : Response.json({ status: 'rotate', applicationServerKey: wanted })
  }
  page.respond = answer
  await push.enable()
  return { page, backend, dead, net, want: (key: unknown) => (wanted = key) }
}

type World = Awaited<ReturnType<typeof enabled>>

/** What ends the page that is open. */
const open = new WeakMap<FakePage, AbortController>()

/** The next load of the page: the one before is left, and a client of its own begins. */
const load = (page: FakePage, options: Partial<PushClientOptions> = {}) => {
  open.get(page)?.abort()
  const controller = new AbortController()
  open.set(page, controller)
  return start(page, { settleMs, signal: controller.signal, ...options }).push
}

/** A load of the page, which stays until what waited for the browser has come in. */
const stay = async (page: FakePage): Promise<PushState> => {
  const push = load(page)
  await push.prepare()
  page.now += 10_000
  return push.prepare()
}

const recordOf = ({ page }: World) =>
  createRegistrationRecords(createDatabaseConnection()).get(page.worker.scope)

/** What the backend holds, as endpoint and key number. */
const rows = ({ backend }: World) =>
  [...backend.rows.values()].map(({ endpoint, applicationServerKey }) => [
    endpoint.slice('https://push.example/'.length),
    [1, 2, 3].find((number) => fakeKey(number) === applicationServerKey),
  ])

const phase = async (world: World) => (await recordOf(world))?.keyMove?.phase

/** A world in which the backend wants another key, which the heartbeat brings to light. */
async function asked(key: unknown = fakeKey(2)) {
  const world = await enabled()
  world.want(key)
  world.page.now += 86_400_000
  return world
}

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
    expect(page.requests.map(({ method }) => method)).toEqual(['PUT'])
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

describe('wherever the browser dies', () => {
  test('a new client at each step goes on', async () => {
    const world = await asked()
    for (const expected of ['bridge', 'settle', undefined]) {
      await stay(world.page)
      expect(await phase(world)).toBe(expected)
      world.page.now += settleMs
    }
    expect(rows(world)).toEqual([['3', 2]])
    expect(world.dead).toEqual([])
  })

  test.each([
    ['isCut', '2'],
    ['isCut', '3'],
    ['isAnswerLost', '2'],
    ['isAnswerLost', '3'],
  ] as const)(
    'nothing goes on while (%s) the PUT of endpoint %s is unanswered',
    async (trouble, name) => {
      const world = await asked()
      const { page, net } = world
      const { respond } = page
      page.respond = (request) => {
        net[trouble] = request.body?.subscription.endpoint.endsWith(`/${name}`) === true
        return respond(request)
      }
      const reached = name === '2' ? 'bridge' : 'settle'
      for (let index = 0; index < 4; index += 1) {
        await stay(page)
        page.now += 2 * settleMs
      }
      expect(await phase(world)).toBe(reached)
      expect(await stay(page)).toMatchObject({ sync: 'pending' })
      page.respond = respond
      net[trouble] = false
      for (let index = 0; index < 3; index += 1) {
        await stay(page)
        page.now += 2 * settleMs
      }
      expect(await phase(world)).toBeUndefined()
      expect(rows(world)).toEqual([['3', 2]])
      expect(page.bridge).toBeUndefined()
      expect(world.dead).toEqual([])
    },
  )

  test('a bridge that was made and not written down is used at the next load', async () => {
    const world = await asked()
    const { page } = world
    const { pushManager } = page.worker
    // The tab dies once the bridge has subscribed.
    const bridge = await page.platform.serviceWorker?.register('/sw.js', {
      scope: keyMoveScope(page.worker.scope),
    })
    await bridge?.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: fakeKey(2) })
    expect(page.worker.pushManager).toBe(pushManager)
    await load(page).prepare()
    expect(rows(world)).toEqual([['2', 2]])
    expect(world.dead).toEqual([])
  })

  test('a first registration that has followed and not said so does so at the next load', async () => {
    const world = await asked()
    const { page } = world
    await stay(page)
    page.now += settleMs
    await page.subscription?.unsubscribe()
    await page.worker.pushManager.subscribe({
      userVisibleOnly: true,
      applicationServerKey: fakeKey(2),
    })
    await stay(page)
    expect(await phase(world)).toBe('settle')
    expect(rows(world)).toEqual([['3', 2]])
    expect(world.dead).toEqual([])
  })
})

describe('what goes wrong', () => {
  const failures = async (world: World) =>
    (await recordOf(world))?.failures?.map(({ code }) => code)

  test('a bridge that cannot be made leaves the old key at work, and is tried again', async () => {
    const world = await asked()
    const { page } = world
    page.registerBridge = () => Promise.reject(new TypeError('no'))
    expect(await load(page).prepare()).toEqual({ status: 'subscribed', sync: 'synced' })
    expect(await failures(world)).toEqual(['key-move-failed'])
    expect(rows(world)).toEqual([['1', 1]])
    page.registerBridge = null
    await load(page).prepare()
    expect(rows(world)).toEqual([['2', 2]])
    expect(world.dead).toEqual([])
  })

  test('a push service that does not subscribe the bridge leaves the old key at work', async () => {
    const world = await asked()
    const { page } = world
    page.subscribe = () => Promise.reject(new DOMException('', 'AbortError'))
    await load(page).prepare()
    expect(await failures(world)).toEqual(['key-move-failed'])
    expect(rows(world)).toEqual([['1', 1]])
    page.subscribe = null
    await load(page).disable()
    expect(page.bridge).toBeUndefined()
  })

  test('a push service that fails the second half leaves the bridge at work', async () => {
    const world = await asked()
    const { page } = world
    await stay(page)
    page.now += settleMs
    page.subscribe = () => Promise.reject(new DOMException('', 'AbortError'))
    expect(await stay(page)).toEqual({ status: 'subscribed', sync: 'synced' })
    expect(rows(world)).toEqual([['2', 2]])
    page.subscribe = null
    await stay(page)
    expect(rows(world)).toEqual([['3', 2]])
    expect(world.dead).toEqual([])
  })

  test('a point that is not on the curve is not moved to', async () => {
    const offCurve = `${fakeKey(2).slice(0, -2)}A4`
    const world = await asked(offCurve)
    await load(world.page).prepare()
    expect(await failures(world)).toEqual(['key-move-failed'])
    expect(rows(world)).toEqual([['1', 1]])
    expect(world.page.bridge).toBeUndefined()
  })

  test.each(['', 'key', null])('a key that is none (%j) is the backend’s failure', async (key) => {
    const world = await enabled()
    world.page.respond = () => Response.json({ status: 'rotate', applicationServerKey: key })
    world.page.now += 86_400_000
    expect(await load(world.page).prepare()).toEqual({
      status: 'subscribed',
      sync: 'pending',
      reason: 'backend-failed',
    })
    expect(world.page.bridge).toBeUndefined()
    expect(await recordOf(world)).not.toHaveProperty('rotateTo', key)
  })

  test('a lost bridge subscription is made up for by the first registration at once', async () => {
    const world = await asked()
    const { page } = world
    await stay(page)
    page.bridgeSubscription = null
    expect(await stay(page)).toEqual({ status: 'subscribed', sync: 'synced' })
    expect(rows(world)).toEqual([['3', 2]])
    for (let index = 0; index < 2; index += 1) {
      page.now += settleMs
      await stay(page)
    }
    expect(await phase(world)).toBeUndefined()
    expect(rows(world)).toEqual([['3', 2]])
    expect(page.bridge).toBeUndefined()
    expect(world.dead).toEqual([])
  })

  test('a lost first subscription is no loss while the bridge counts', async () => {
    const world = await asked()
    const { page } = world
    await stay(page)
    page.subscription = null
    expect(await stay(page)).toEqual({ status: 'subscribed', sync: 'synced' })
    expect(rows(world)).toEqual([['2', 2]])
    page.now += settleMs
    await stay(page)
    expect(rows(world)).toEqual([['3', 2]])
    expect(world.dead).toEqual([])
  })
})

describe('disable() in the middle', () => {
  test.each([0, 1, 2])(
    'after %i steps leaves no subscription, no bridge and no row',
    async (steps) => {
      const world = await asked()
      const { page } = world
      for (let index = 0; index < steps; index += 1) {
        await stay(page)
        page.now += settleMs
      }
      expect(await load(page).disable()).toEqual({ status: 'unsubscribed' })
      expect(page.subscription).toBeNull()
      expect(page.bridgeSubscription).toBeNull()
      expect(page.bridge).toBeUndefined()
      expect(rows(world)).toEqual([])
      expect(await load(page).prepare()).toEqual({ status: 'unsubscribed' })
      expect(await load(page).enable()).toMatchObject({ ok: true })
      expect(rows(world)).toHaveLength(1)
    },
  )

  test('offline reaches the backend later, for every endpoint that it may hold', async () => {
    const world = await asked()
    const { page, net } = world
    await load(page).prepare()
    net.isCut = true
    await load(page).disable()
    expect(rows(world)).toEqual([['2', 2]])
    net.isCut = false
    await load(page).prepare()
    expect(rows(world)).toEqual([])
  })

  test('after a bridge that was made and not written down leaves nothing of it', async () => {
    const world = await asked()
    const { page } = world
    const bridge = await page.platform.serviceWorker?.register('/sw.js', {
      scope: keyMoveScope(page.worker.scope),
    })
    await bridge?.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: fakeKey(2) })
    await load(page).disable()
    expect(page.bridge).toBeUndefined()
    expect(page.bridgeSubscription).toBeNull()
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
