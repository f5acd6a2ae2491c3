import type { Page } from 'puppeteer-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { PushSubscriptionData } from '../../src/shared/subscription.ts'
import {
  call,
  clickEnable,
  engines,
  openPage,
  startWorld,
  subscriptionIsSaved,
  type World,
} from './world.ts'

describe.each(engines)('in stock %s,', (engine) => {
  let world: World
  let page: Page
  let subscription: PushSubscriptionData

  beforeAll(async () => {
    world = await startWorld(engine)
  })
  afterAll(() => world?.[Symbol.asyncDispose]())

  /** Alice is signed in, and the backend knows it. */
  beforeEach(async () => {
    const { site } = world
    site.failing = null
    site.user = 'alice'
    page = await openPage(world)
    await clickEnable(page)
    expect(await call(page, 'identify', 'alice', { tags: ['gold'] })).toMatchObject({
      state: { sync: 'synced' },
    })
    const [row, ...others] = await site.rows()
    expect(row).toMatchObject({ recipient: 'alice', tags: ['gold'] })
    expect(others).toEqual([])
    if (!row) throw new Error('There is no row.')
    subscription = row.subscription
  })

  /** What the desktop shows of a message for somebody. */
  const sendTo = async (recipient: string, title: string) => {
    const { desktop, sender } = world
    const before = desktop.history.length
    const message = { type: 'text', recipient, data: { title, body: `Body of ${title}` } }
    await sender.send(subscription, message)
    await expect.poll(() => desktop.history.length, { timeout: 50_000 }).toBe(before + 1)
    const { title: shown, body } = desktop.history[before] ?? {}
    return { title: shown, body }
  }
  const inFull = (title: string) => ({ title, body: `Body of ${title}` })
  const neutral = () => ({ title: new URL(world.site.origin).host, body: '' })
  const closePages = async () => {
    const { puppeteer } = world.browser
    await puppeteer.newPage()
    for (const open of await puppeteer.pages()) {
      if (open.url().startsWith(world.site.origin)) await open.close()
    }
  }

  test('a sign-out that the backend cannot be told of hides the user’s messages at once, and the next user gets the device', async () => {
    const { site } = world
    expect(await sendTo('alice', 'Before')).toEqual(inFull('Before'))
    site.failing = 'cut'
    expect(await call(page, 'forget')).toMatchObject({
      state: { sync: 'pending', reason: 'backend-unreachable' },
    })
    expect(await sendTo('alice', 'Signed out')).toEqual(neutral())
    site.user = 'bob'
    await call(page, 'identify', 'bob', { tags: ['silver'] })
    expect(await sendTo('alice', 'Another user')).toEqual(neutral())
    await closePages()
    expect(await sendTo('alice', 'No page')).toEqual(neutral())
    expect(await sendTo('bob', 'Not known yet')).toEqual(inFull('Not known yet'))
    expect(await site.rows()).toMatchObject([{ recipient: 'alice' }])

    site.failing = null
    page = await openPage(world)
    expect(await call(page, 'prepare')).toMatchObject({ state: { sync: 'synced' } })
    expect(await site.rows()).toMatchObject([
      { recipient: 'bob', tags: ['silver'], subscription: { endpoint: subscription.endpoint } },
    ])
    expect(await sendTo('bob', 'Known')).toEqual(inFull('Known'))
    expect(await sendTo('alice', 'Too late')).toEqual(neutral())
  })

  test('a browser without a network signs one user out and another in: what waited for the first shows nothing of it', async () => {
    const { browser, desktop, sender, service, site } = world
    await call(page, 'prepare')
    await subscriptionIsSaved(world)
    await browser.setOffline(true)
    await call(page, 'forget')
    site.user = 'bob'
    expect(await call(page, 'identify', 'bob', { tags: ['silver'] })).toMatchObject({
      state: { sync: 'pending' },
    })
    const before = desktop.history.length
    const message = { type: 'text', recipient: 'alice', data: { title: 'Secret' } }
    await sender.send(subscription, message)
    expect(service.messages.at(-1)?.status).toBe('queued')
    await browser.setOffline(false)
    // The page is told that the network is back, and tells the backend.
    expect(
      await site.waitForRows((rows) => rows.some(({ recipient }) => recipient === 'bob')),
    ).toMatchObject([{ recipient: 'bob', tags: ['silver'] }])
    // Chromium connects again when it pleases: after half a minute when it had just connected.
    await expect.poll(() => desktop.history.length, { timeout: 50_000 }).toBe(before + 1)
    expect(desktop.history.at(-1)).toMatchObject(neutral())
    expect(await sendTo('bob', 'After it')).toEqual(inFull('After it'))
  })

  test('a sign-out needs no credentials, and a sign-in that had none is told once it has', async () => {
    const { site } = world
    site.user = null
    expect(await call(page, 'forget')).toMatchObject({ state: { sync: 'synced' } })
    expect(await site.rows()).toMatchObject([{ recipient: null, tags: [] }])
    const parked = { state: { sync: 'pending', reason: 'backend-unauthorized' } }
    expect(await call(page, 'identify', 'bob', { tags: ['silver'] })).toMatchObject(parked)
    const tries = site.requests.length
    expect(await call(page, 'prepare')).toMatchObject(parked)
    expect(await call(await openPage(world), 'prepare')).toMatchObject(parked)
    expect(site.requests).toHaveLength(tries)
    site.user = 'bob'
    expect(await call(page, 'identify', 'bob')).toMatchObject({ state: { sync: 'synced' } })
    expect(await site.rows()).toMatchObject([{ recipient: 'bob', tags: ['silver'] }])
    expect(await sendTo('bob', 'Signed in')).toEqual(inFull('Signed in'))
    expect(await sendTo('alice', 'Signed out')).toEqual(neutral())
  })
})
