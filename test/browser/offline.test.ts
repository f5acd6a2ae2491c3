import type { Page } from 'puppeteer-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { PushSubscriptionData } from '../../src/shared/subscription.ts'
import {
  type Desktop,
  launchBrowser,
  type LaunchedBrowser,
  type PushService,
  startDesktop,
  startPushService,
} from '../../src/testing/index.ts'
import { type PlainSite, startPlainSite, viewNetwork } from './plain-site.ts'
import { engines } from './world.ts'

/** Chromium may wait half a minute before it connects to the push service again. */
const patience = { timeoutMs: 50_000 }

describe.each(engines)('a %s that is taken offline', (engine) => {
  const parts = new AsyncDisposableStack()
  let service: PushService
  let desktop: Desktop
  let site: PlainSite
  let browser: LaunchedBrowser
  let page: Page
  let subscription: PushSubscriptionData

  beforeAll(async () => {
    service = parts.use(await startPushService())
    desktop = parts.use(await startDesktop())
    site = parts.use(await startPlainSite(service))
    const permissions = { [site.origin]: 'granted' } as const
    browser = parts.use(await launchBrowser(engine, { service, desktop, permissions }))
    page = await browser.newPage(site.origin)
    subscription = await site.subscribe(page)
    await send('Online')
    await shown('Online')
  })
  afterAll(() => parts.disposeAsync())

  const send = (payload: string, options = {}) =>
    site.sender.send(subscription, { payload }, options)
  const shown = (wanted: string) => desktop.waitFor(({ title }) => title === wanted, patience)
  const isConnected = () => service.subscriptions.some(({ connected }) => connected)
  const statusOf = (id: string | undefined) =>
    service.messages.find((message) => message.id === id)?.status

  test('has no network in its pages and workers, and has it again afterwards', async () => {
    const { events } = await viewNetwork(page)
    const before = events.length
    await browser.setOffline(true)
    const none = { onLine: false, fetched: false }
    expect(await viewNetwork(page)).toMatchObject({ page: none, worker: none })
    const late = await browser.newPage()
    await expect(late.goto(`${site.origin}/late`)).rejects.toThrow()
    await browser.setOffline(false)
    const all = { onLine: true, fetched: true }
    const after = await viewNetwork(page)
    expect(after).toMatchObject({ page: all, worker: all })
    expect(after.events.slice(before)).toEqual(['offline', 'online'])
    await late.goto(`${site.origin}/late`)
    expect(await viewNetwork(late)).toMatchObject({ page: all, worker: all })
    await late.close()
  })

  test('is not connected to the push service, which keeps what it is sent, as its TTL lets it', async () => {
    await browser.setOffline(true)
    await expect.poll(isConnected).toBe(false)
    await send('Kept')
    const kept = service.messages.at(-1)?.id
    await send('For now or never', { ttl: 0 })
    const never = service.messages.at(-1)?.id
    expect([statusOf(kept), statusOf(never)]).toEqual(['queued', 'expired'])
    await browser.setOffline(false)
    await shown('Kept')
    expect(desktop.history.filter(({ title }) => title === 'Kept')).toHaveLength(1)
    expect(statusOf(never)).toBe('expired')
  })

  test('stays offline over a restart, until it is told otherwise', async () => {
    await browser.setOffline(true)
    await browser.setOffline(true)
    await browser.restart()
    const restarted = await browser.newPage()
    await expect(restarted.goto(`${site.origin}/again`)).rejects.toThrow()
    await send('Over the restart')
    expect(service.messages.at(-1)?.status).toBe('queued')
    expect(isConnected()).toBe(false)
    await browser.setOffline(false)
    await restarted.goto(site.origin)
    expect(await viewNetwork(restarted)).toMatchObject({ page: { onLine: true, fetched: true } })
    await shown('Over the restart')
  })
  test('subscribes no page meanwhile: Firefox says so, Chromium waits', async () => {
    const asking = await browser.newPage(site.origin)
    await asking.evaluate(async () => {
      const { pushManager } = await navigator.serviceWorker.ready
      await (await pushManager.getSubscription())?.unsubscribe()
    })
    await browser.setOffline(true)
    const before = service.subscriptions.length
    const subscribing = site.subscribe(asking).then(
      () => 'subscribed',
      () => 'refused',
    )
    if (engine === 'firefox') expect(await subscribing).toBe('refused')
    expect(service.subscriptions).toHaveLength(before)
    await browser.setOffline(false)
    expect(await subscribing).toBe(engine === 'firefox' ? 'refused' : 'subscribed')
  })
})
