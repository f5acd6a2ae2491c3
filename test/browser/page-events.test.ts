import type { Page } from 'puppeteer-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { PushSubscriptionData } from '../../src/shared/subscription.ts'
import {
  call,
  engines,
  type FixtureWindow,
  openPage,
  startWorld,
  subscribe,
  useClient,
  type World,
} from './world.ts'

describe.each(engines)('in stock %s,', (engine) => {
  let world: World
  let subscription: PushSubscriptionData

  beforeAll(async () => {
    world = await startWorld(engine)
    subscription = (await subscribe(world)).subscription
  })
  afterAll(() => world?.[Symbol.asyncDispose]())

  /** Each test begins with no page of the app. */
  beforeEach(closePages)

  async function closePages() {
    const { browser, site } = world
    const open = await browser.puppeteer.pages()
    await browser.newPage('about:blank')
    for (const page of open) {
      if (page.url().startsWith(site.origin)) await page.close()
    }
  }

  const hear = (page: Page, method: 'onMessage' | 'onClick', type: string) =>
    page.evaluate((...what) => (window as unknown as FixtureWindow).hear(...what), method, type)
  const heard = (page: Page) => page.evaluate(() => [...(window as unknown as FixtureWindow).heard])
  const ids = async (page: Page) => (await heard(page)).map(({ id }) => id)
  /** What all of the tabs have heard. */
  const all = async (tabs: Iterable<Page>) =>
    (await Promise.all([...tabs].map(ids))).flat().toSorted((a = '', b = '') => a.localeCompare(b))
  /** A page of the app whose client listens, and has been told to look. */
  const listener = async (...types: ['onMessage' | 'onClick', string][]) => {
    const page = await openPage(world)
    for (const [method, type] of types) await hear(page, method, type)
    await call(page, 'prepare')
    return page
  }
  /** A client on a page that a click has opened. */
  const atPath = async (path: string): Promise<Page> => {
    const url = world.site.origin + path
    const target = await world.browser.puppeteer.waitForTarget((one) => one.url() === url)
    const page = await target.page()
    if (!page) throw new Error('There is no page.')
    await page.waitForFunction(() => document.readyState === 'complete' && 'use' in window)
    await useClient(page, world.site)
    return page
  }
  const send = (id: string, message: object) => world.sender.send(subscription, { id, ...message })
  const clickOrder = async (number: number, action?: string) => {
    const { desktop } = world
    const id = `order-${number}`
    await send(id, { type: 'order', data: { id: number } })
    const shown = await desktop.waitFor(({ title }) => title === `Order ${number}`)
    desktop.click(shown, action)
    return id
  }

  test('a message is told in every tab, and the tab with the focus alone is elected', async () => {
    const tabs: Page[] = []
    for (let index = 0; index < 3; index++) tabs.push(await listener(['onMessage', 'text']))
    /** The client that holds the election, and how many wait for it. */
    const leader = () =>
      tabs[0]?.evaluate(async (scope) => {
        const { held = [] } = await navigator.locks.query()
        return held.find(({ name }) => name === `pushwell-leader ${scope}`)?.clientId
      }, `${world.site.origin}/`)
    for (const [index, tab] of tabs.entries()) {
      const before = await leader()
      const isElected = await tab.evaluate(() => document.hasFocus())
      await tab.bringToFront()
      await tab.waitForFunction(() => document.hasFocus())
      if (!isElected) await expect.poll(leader).not.toBe(before)
      const id = `text-${index}`
      await send(id, { type: 'text', data: { title: `Text ${index}` } })
      for (const one of tabs) await expect.poll(() => ids(one)).toContain(id)
      for (const one of tabs) {
        expect((await heard(one)).filter((message) => message.id === id)).toEqual([
          { id, elected: one === tab },
        ])
      }
    }
  })

  test('a click is handed to the page that is there, once, with its button', async () => {
    const page = await world.browser.newPage(`${world.site.origin}/orders/1`)
    await useClient(page, world.site)
    await hear(page, 'onClick', 'order')
    await call(page, 'prepare')
    const id = await clickOrder(1)
    await expect.poll(() => heard(page)).toEqual([{ id, action: '' }])
  })

  test('a click with no page open is handed to the page that it opens', async () => {
    const id = await clickOrder(2, 'Track')
    const page = await atPath('/track/2')
    await hear(page, 'onClick', 'order')
    await call(page, 'prepare')
    // Chromium keeps the page's own ids from the desktop, not from the worker.
    await expect.poll(() => heard(page)).toEqual([{ id, action: 'track' }])
    await page.reload()
    await useClient(page, world.site)
    await hear(page, 'onClick', 'order')
    await call(page, 'prepare')
    expect(await heard(page)).toEqual([])
  })

  test('a click waits for a listener that is added late', async () => {
    const id = await clickOrder(3)
    const page = await atPath('/orders/3')
    await call(page, 'prepare')
    await hear(page, 'onClick', 'text')
    expect(await heard(page)).toEqual([])
    await hear(page, 'onClick', 'order')
    await expect.poll(() => heard(page)).toEqual([{ id, action: '' }])
  })

  test('a click that leads an open tab elsewhere is handed to the page that it leads to', async () => {
    const tab = await listener(['onClick', 'order'])
    await tab.evaluate(() => {
      addEventListener('pagehide', () => {
        const { heard: last } = window as unknown as FixtureWindow
        sessionStorage.setItem('heard', JSON.stringify(last))
      })
    })
    // Somebody looks at something else: the click brings the tab to the front, then leads it away.
    await world.browser.newPage('about:blank')
    const id = await clickOrder(7)
    const there = await atPath('/orders/7')
    expect(there).toBe(tab)
    expect(await there.evaluate(() => sessionStorage.getItem('heard'))).toBe('[]')
    await hear(there, 'onClick', 'order')
    await call(there, 'prepare')
    await expect.poll(() => heard(there)).toEqual([{ id, action: '' }])
  })

  test('of two tabs that listen, one alone is handed each click', async () => {
    const tabs = new Set<Page>()
    for (let index = 0; index < 2; index++) tabs.add(await listener(['onClick', 'order']))
    for (const number of [4, 5, 6]) {
      const id = await clickOrder(number)
      // One of the tabs is led there, or a third one is opened.
      const there = await atPath(`/orders/${number}`)
      tabs.add(there)
      await hear(there, 'onClick', 'order')
      await call(there, 'prepare')
      const handed = async () => (await all(tabs)).filter((one) => one === id)
      await expect.poll(handed).toEqual([id])
      for (const tab of tabs) {
        await tab.bringToFront()
        await call(tab, 'prepare')
      }
      expect(await handed()).toEqual([id])
    }
  })
})
