import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { PushSubscriptionData } from '../../src/shared/subscription.ts'
import { showMarker, startWorld, subscribe, subscriptionIsSaved, type World } from './world.ts'

let world: World
let subscription: PushSubscriptionData

beforeAll(async () => {
  world = await startWorld('chromium')
  subscription = (await subscribe(world)).subscription
})
afterAll(() => world?.[Symbol.asyncDispose]())

const send = (title: string) => world.sender.send(subscription, { type: 'text', data: { title } })

const titles = () => world.desktop.history.map(({ title }) => title)

describe('a stock Chromium with the local push service', () => {
  test('has the endpoint that the service says it has', () => {
    expect(world.service.subscriptions).toMatchObject([
      { endpoint: subscription.endpoint, live: true, connected: true },
    ])
  })

  test('acknowledges each message, and shows a burst of 50 once each', async () => {
    const { desktop, service } = world
    const sent = Array.from({ length: 50 }, (_, index) => `Burst ${index}`)
    await Promise.all(sent.map(send))
    for (const wanted of sent) await desktop.waitFor(({ title }) => title === wanted)
    await showMarker(world, 'After the burst')
    expect(
      titles()
        .filter((title) => title.startsWith('Burst'))
        .toSorted(),
    ).toEqual(sent.toSorted())
    await expect
      .poll(() => service.messages.every(({ status }) => status === 'acknowledged'))
      .toBe(true)
  })

  test('takes what it missed when it lost its connection', async () => {
    const { desktop, service } = world
    service.disconnect()
    await send('While it was disconnected')
    await desktop.waitFor(({ title }) => title === 'While it was disconnected', {
      timeoutMs: 50_000,
    })
  })

  test('shows nothing twice and misses nothing over a crash', async () => {
    const { browser, desktop } = world
    await subscriptionIsSaved(world)
    await send('Before the crash')
    await desktop.waitFor(({ title }) => title === 'Before the crash')
    await browser.kill()
    await send('During the crash')
    await browser.start()
    await desktop.waitFor(({ title }) => title === 'During the crash', { timeoutMs: 30_000 })
    await showMarker(world, 'After the crash')
    expect(titles().filter((title) => title.endsWith('the crash'))).toEqual([
      'Before the crash',
      'During the crash',
      'After the crash',
    ])
  })

  test('is reached again after a restart that its user made', async () => {
    const { browser, desktop } = world
    await browser.restart()
    await send('After the restart')
    await desktop.waitFor(({ title }) => title === 'After the restart', { timeoutMs: 30_000 })
  })

  test('ends its subscription when its user takes the permission away: senders are told', async () => {
    const { browser, sender, service, site } = world
    await browser.deny(site.origin)
    await expect
      .poll(() => service.subscriptions.every(({ live }) => !live), { timeout: 20_000 })
      .toBe(true)
    expect(await sender.send(subscription, null)).toMatchObject({ status: 'gone' })
  })
})
