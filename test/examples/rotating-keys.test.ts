import { beforeEach, describe, expect, test } from 'vitest'
import { generateVapidKeys } from '../../src/server/index.ts'
import { type AppWorld, keys, openAppWorld } from './app-world.ts'

let world: AppWorld

beforeEach(async () => {
  world = await openAppWorld()
})

describe('while keys rotate', () => {
  test('the new key is asked for at once, and each device is sent to under its own', async () => {
    const newKeys = await generateVapidKeys()
    let pairs: readonly [typeof keys, ...(typeof keys)[]] = [keys]
    const signedBy: string[] = []
    await world.startWith({
      keys: async () => pairs,
      async fetch(_url, { headers }) {
        signedBy.push(new Headers(headers).get('Authorization')?.split('k=')[1] ?? '')
        return new Response(null, { status: 201 })
      },
    })
    const cookie = await world.visit()
    await world.subscribe(cookie, 'one')
    pairs = [newKeys, keys]
    const key = await (await world.request('GET', '/push/key')).json()
    expect(key).toEqual({ applicationServerKey: newKeys.publicKey })
    await world.ship(cookie)
    expect(signedBy).toEqual([keys.publicKey])
    await world.subscribe(cookie, 'one', newKeys.publicKey)
    await world.ship(cookie)
    expect(signedBy).toEqual([keys.publicKey, newKeys.publicKey])
  })

  test('a device whose key is not there any more does not keep others from their message', async () => {
    const cookie = await world.visit()
    await world.subscribe(cookie, 'one')
    await world.subscribe(cookie, 'two', (await generateVapidKeys()).publicKey)
    expect(await (await world.ship(cookie)).json()).toMatchObject({
      devices: 2,
      outcomes: { accepted: 1, failed: 1 },
      reasons: ['invalid-application-server-key'],
    })
  })

  test('the last pairs do when they cannot be read', async () => {
    let fails = false
    await world.startWith({
      keys: () => (fails ? Promise.reject(new Error('no database')) : Promise.resolve([keys])),
    })
    fails = true
    const response = await world.request('GET', '/push/key')
    expect(await response.json()).toEqual({ applicationServerKey: keys.publicKey })
  })

  test('pairs that are none end the start', async () => {
    const wrong = { ...keys, privateKey: 'x' }
    await expect(world.startWith({ keys: async () => [wrong] })).rejects.toThrow('vapid.privateKey')
    const failing = () => Promise.reject(new Error('no database'))
    await expect(world.startWith({ keys: failing })).rejects.toThrow('no database')
  })
})
