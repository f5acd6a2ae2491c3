import { describe, expect, test } from 'vitest'
import { fakeKey } from './fake-page-platform.ts'
import {
  asked,
  enabled,
  load,
  phase,
  recordOf,
  rows,
  settleMs,
  stay,
  type World,
} from './key-move-world.ts'

describe('what goes wrong in a move to another key', () => {
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
