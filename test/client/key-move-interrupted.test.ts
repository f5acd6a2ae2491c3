import { describe, expect, test } from 'vitest'
import { keyMoveScope } from '../../src/shared/key-move-scope.ts'
import { fakeKey } from './fake-page-platform.ts'
import { asked, load, phase, rows, settleMs, stay } from './key-move-world.ts'

describe('wherever the browser dies in a move to another key', () => {
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

describe('disable() in the middle of a move to another key', () => {
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
