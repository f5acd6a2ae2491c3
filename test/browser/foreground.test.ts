import type { Page } from 'puppeteer-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { PushClient, PushClientOptions } from '../../src/client/index.ts'
import { call, clickEnable, engines, showMarker, startWorld, type World } from './world.ts'

interface ForegroundWindow {
  use(options: Partial<PushClientOptions>): void
  readonly push: PushClient
  readonly told: unknown[]
}

/** Makes a client that takes what is called so, and keeps what it is told. */
function useForeground(page: Page, applicationServerKey: string): Promise<void> {
  return page.evaluate((key) => {
    const own = window as unknown as ForegroundWindow
    const titleOf = (data: unknown) => String((data as { title?: unknown }).title)
    own.use({
      applicationServerKey: key,
      serviceWorker: '/foreground-sw.js',
      foreground: ({ data }) => titleOf(data).startsWith('Take'),
    })
    Object.assign(window, { told: [] })
    own.push.onMessage('text', ({ data, shown }) => own.told.push([titleOf(data), shown]))
  }, applicationServerKey)
}

const told = (page: Page) => page.evaluate(() => (window as unknown as ForegroundWindow).told)

describe.each(engines)('in stock %s, a page', (engine) => {
  let world: World
  let page: Page

  beforeAll(async () => {
    world = await startWorld(engine)
    page = await world.browser.newPage(world.site.origin)
    await useForeground(page, world.site.keys.publicKey)
    await call(page, 'prepare')
    expect((await clickEnable(page)).state?.status).toBe('subscribed')
  })
  afterAll(() => world?.[Symbol.asyncDispose]())

  const send = async (title: string) => {
    const [row] = await world.site.rows()
    if (!row) throw new Error('Nobody is subscribed.')
    await world.sender.send(row.subscription, { type: 'text', data: { title } })
  }
  const shown = () => world.desktop.history.map(({ title }) => title)

  test('takes a message while it has the focus, and leaves another to be shown', async () => {
    await page.bringToFront()
    await page.waitForFunction(() => document.hasFocus())
    await send('Take this')
    await expect.poll(() => told(page)).toEqual([['Take this', false]])
    await showMarker(world, 'Leave this')
    await expect
      .poll(() => told(page))
      .toEqual([
        ['Take this', false],
        ['Leave this', true],
      ])
    expect(shown()).toEqual(['Leave this'])
  })

  test('takes none without the focus', async () => {
    const other = await world.browser.newPage('about:blank')
    await page.waitForFunction(() => !document.hasFocus())
    await showMarker(world, 'Take none')
    await expect.poll(() => told(page)).toContainEqual(['Take none', true])
    await other.close()
  })

  test('takes none twice, and its subscription lives on after a burst', async () => {
    await page.bringToFront()
    await page.waitForFunction(() => document.hasFocus())
    const burst = Array.from({ length: 20 }, (_, index) => `Take ${index}`)
    await Promise.all(burst.map(send))
    const all = async () => {
      const titles = (await told(page)).map((one) => (one as unknown[])[0])
      return burst.every((title) => titles.filter((it) => it === title).length === 1)
    }
    await expect.poll(all, { timeout: 10_000 }).toBe(true)
    const [taken, left] = [burst.filter((it) => !shown().includes(it)), shown()]
    // One of the eight that Firefox has in ten seconds may be that of before.
    if (engine === 'firefox') expect([7, 8]).toContain(taken.length)
    else expect(taken).toHaveLength(20)
    expect(left.filter((it) => it.startsWith('Take ')).length).toBe(21 - taken.length)
    await showMarker(world, 'Leave the end')
    const isAcknowledged = () => world.service.messages.every(({ code }) => code === 100)
    await expect.poll(isAcknowledged).toBe(true)
  })
})
