import type { Page } from 'puppeteer-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import {
  call,
  clickEnable,
  engines,
  type FixtureWindow,
  heldSubscription,
  openPage,
  startWorld,
  type World,
} from './world.ts'

/** Clicks without the driver's mouse, which only tabs in front have. */
function clickBehind(page: Page) {
  return page.evaluate(() => {
    document.querySelector('button')?.click()
    return (window as unknown as FixtureWindow).outcome
  })
}

/** Notes when the client's status becomes another, in milliseconds since 1970. */
function watchStatus(page: Page): Promise<void> {
  return page.evaluate(() => {
    const fixture = window as unknown as FixtureWindow & { changedAt: Record<string, number> }
    fixture.changedAt = {}
    fixture.push.onChange(() => {
      fixture.changedAt[fixture.push.state.status] ??= Date.now()
    })
  })
}

async function changedAt(page: Page, status: string): Promise<number> {
  const found = await page.waitForFunction(
    (wanted) => (window as unknown as { changedAt: Record<string, number> }).changedAt[wanted],
    {},
    status,
  )
  return (await found.jsonValue()) as number
}

describe.each(engines)('in stock %s,', (engine) => {
  let world: World

  beforeAll(async () => {
    world = await startWorld(engine)
  })
  afterEach(async () => {
    world.site.failing = null
    await call(await openPage(world), 'disable')
    expect(await world.site.rows()).toEqual([])
    world.site.requests.length = 0
  })
  afterAll(() => world?.[Symbol.asyncDispose]())

  test('ten tabs that enable at once make one subscription and one PUT, and hear of each other', async ({
    annotate,
  }) => {
    const { service, site } = world
    const pages = await Promise.all(Array.from({ length: 10 }, () => openPage(world)))
    await Promise.all(pages.map((page) => call(page, 'prepare')))
    await Promise.all(pages.map(watchStatus))
    const start = Date.now()
    const outcomes = await Promise.all(pages.map(clickBehind))
    const enabledMs = Date.now() - start
    expect(outcomes).toEqual(
      outcomes.map(() =>
        expect.objectContaining({ state: { status: 'subscribed', sync: 'synced' } }),
      ),
    )
    const [first = expect.unreachable(), ...others] = pages
    expect(await Promise.all(others.map(heldSubscription))).toEqual(
      others.map(() =>
        expect.objectContaining({ endpoint: service.subscriptions.at(-1)?.endpoint }),
      ),
    )
    expect(service.subscriptions.filter(({ live }) => live)).toHaveLength(1)
    expect(site.requests).toMatchObject([{ method: 'PUT', status: 200 }])
    expect(await site.rows()).toMatchObject([{ subscription: await heldSubscription(first) }])

    await call(first, 'disable')
    const times = await Promise.all(pages.map((page) => changedAt(page, 'unsubscribed')))
    const [own = 0] = times
    const lateMs = Math.max(...times) - own
    await annotate(`All ten were done in ${enabledMs} ms; the last heard after ${lateMs} ms.`)
    await Promise.all(pages.map((page) => page.close()))
  })

  test('a tab that is closed in the middle of its PUT leaves it to the tab that is left', async () => {
    const { site } = world
    const left = await openPage(world)
    await call(left, 'prepare')
    const page = await openPage(world)
    site.failing = 'hang'
    await page.click('button')
    await site.waitForRequest(({ method }) => method === 'PUT')
    await page.close()
    site.failing = null
    // The tab that comes to the front: in a browser without windows the focus is said to have come.
    await left.bringToFront()
    await left.evaluate(() => dispatchEvent(new Event('focus')))
    const [row] = await site.waitForRows((rows) => rows.length === 1)
    expect(row?.subscription).toEqual(await heldSubscription(left))
    expect(site.requests.filter(({ worked }) => worked)).toMatchObject([{ method: 'PUT' }])
  })

  test('a tab whose database fails works from memory, and says so', async () => {
    const { browser, site } = world
    const page = await browser.newPage()
    await page.evaluateOnNewDocument(() => {
      IDBFactory.prototype.open = () => {
        throw new DOMException('The database is broken.', 'UnknownError')
      }
    })
    await page.goto(site.origin)
    await page.evaluate(
      (applicationServerKey) => (window as unknown as FixtureWindow).use({ applicationServerKey }),
      site.keys.publicKey,
    )
    await call(page, 'prepare')
    site.failing = 500
    expect(await clickEnable(page)).toMatchObject({
      state: { status: 'subscribed', sync: 'pending', storage: 'memory' },
    })
    site.failing = null
    const [row] = await site.waitForRows((rows) => rows.length === 1)
    expect(row?.subscription).toEqual(await heldSubscription(page))
    const synced = { status: 'subscribed', sync: 'synced', storage: 'memory' }
    expect(await call(page, 'prepare')).toMatchObject({ state: synced })
    expect(await call(page, 'disable')).toMatchObject({
      state: { status: 'unsubscribed', storage: 'memory' },
    })
    expect(await site.rows()).toEqual([])
    await page.close()
  })
})
