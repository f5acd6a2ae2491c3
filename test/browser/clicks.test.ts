import type { Page } from 'puppeteer-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { PushSubscriptionData } from '../../src/shared/subscription.ts'
import { bundleWorker } from './bundle-worker.ts'
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

/** What is clicked, and where that leads. */
const targets = [
  { kind: 'the notification', path: '/there', navigate: '/there' },
  {
    kind: 'an action with a URL',
    path: '/track',
    navigate: '/there',
    action: 'Track',
    id: 'track',
  },
  { kind: 'an action with a post', path: null, navigate: '/there', action: 'Like', id: 'like' },
  { kind: 'a foreign URL', path: '/', navigate: 'https://evil.example/' },
] as const

type Target = (typeof targets)[number]

/**
 * Which windows there are before the click, the last one in front, and which window it leads to: the
 * number of one of them, or a new one.
 */
interface Setting {
  readonly name: string
  readonly windows: (target: string) => readonly (string | Page)[]
  readonly leadsTo: number | 'new'
}

/** Something that is not the app's. */
const elsewhere = 'about:blank'

describe.each(engines)('in stock %s, in a worker that precaches as well,', (engine) => {
  let world: World
  let subscription: PushSubscriptionData
  /** Opened before there was a worker, and so without one until it is loaded again. */
  let uncontrolled: Page
  let messages = 0

  beforeAll(async () => {
    world = await startWorld(engine)
    world.site.scripts.set('/sw.js', await bundleWorker('precaching-sw.js', 'iife'))
    uncontrolled = await world.browser.newPage(`${world.site.origin}/early`)
    subscription = (await subscribe(world)).subscription
    const page = await openPage(world)
    await page.evaluate(async () => {
      document.cookie = 'session=1'
      await navigator.serviceWorker.register('/sw.js', { scope: '/elsewhere/' })
    })
  })
  afterAll(() => world?.[Symbol.asyncDispose]())

  const appPages = async () => {
    const pages = await world.browser.puppeteer.pages()
    return pages.filter((page) => page.url().startsWith(world.site.origin))
  }
  const pathOf = (page: Page) => page.url().slice(world.site.origin.length)

  /** Leaves the windows alone that there are to be, in order, and gives those of the app. */
  async function arrange(windows: readonly (string | Page)[]): Promise<Page[]> {
    const spare = await world.browser.newPage('about:blank')
    for (const page of await world.browser.puppeteer.pages()) {
      if (page !== spare && page !== uncontrolled) await page.close()
    }
    const ours: Page[] = []
    for (const window of windows) {
      if (typeof window !== 'string') {
        await window.bringToFront()
        ours.push(window)
      } else if (window === elsewhere) await world.browser.newPage(elsewhere)
      else {
        const page = await world.browser.newPage(world.site.origin + window)
        if (!window.startsWith('/elsewhere/')) await listen(page)
        ours.push(page)
      }
    }
    const front = windows.at(-1)
    const last = ours.at(-1)
    if (last && front !== elsewhere) await last.waitForFunction(() => document.hasFocus())
    return ours
  }

  /** Has the page listen to clicks, as an app does that was just loaded. */
  async function listen(page: Page, options: object = {}): Promise<void> {
    await page.waitForFunction(() => document.readyState === 'complete' && 'use' in window)
    await useClient(page, world.site, options)
    await page.evaluate(() => {
      const fixture = window as unknown as FixtureWindow
      for (const type of ['buttons', 'question']) fixture.hear('onClick', type)
    })
    await call(page, 'prepare')
  }

  const heardBy = (page: Page) =>
    page.evaluate(() => [...((window as unknown as Partial<FixtureWindow>).heard ?? [])])
  /** The clicks that any page was told of, with the message's id. */
  const allHeard = async (id: string) => {
    const heard = await Promise.all((await appPages()).map(heardBy))
    return heard.flat().filter((click) => click.id === id)
  }

  const show = async (type: string, data: object) => {
    messages += 1
    const title = `${type} ${messages}`
    await world.sender.send(subscription, { id: title, type, data: { title, ...data } })
    const shown = await world.desktop.waitFor((notification) => notification.title === title)
    return { id: title, shown }
  }

  const controllerOf = (page: Page) =>
    page.evaluate(async () => {
      const { controller } = navigator.serviceWorker
      const all = await navigator.serviceWorker.getRegistrations()
      return controller && all.find(({ active }) => active === controller)?.scope
    })
  /** Which worker is to control a window, by its scope. */
  const controllerAt = (page: Page) => {
    const { origin } = world.site
    if (page === uncontrolled) return null
    return pathOf(page).startsWith('/elsewhere/') ? `${origin}/elsewhere/` : `${origin}/`
  }

  /** Waits for a window of the app with the focus at the path. */
  const focusedAt = async (path: string): Promise<Page> => {
    let found: Page | undefined
    await expect
      .poll(
        async () => {
          for (const page of await appPages()) {
            const hasFocus = await page.evaluate(() => document.hasFocus()).catch(() => false)
            if (hasFocus && pathOf(page) === path) found = page
          }
          return found && pathOf(found)
        },
        { timeout: 5000 },
      )
      .toBe(path)
    if (!found) throw new Error('There is no window.')
    return found
  }

  const settings: readonly Setting[] = [
    // The first ones, as long as there is one without a worker.
    { name: 'an uncontrolled window', windows: () => [uncontrolled], leadsTo: 'new' },
    { name: 'no window', windows: () => [elsewhere], leadsTo: 'new' },
    { name: 'a window at the URL', windows: (there) => [there], leadsTo: 0 },
    { name: 'a window of the app at another path', windows: () => ['/other'], leadsTo: 0 },
    { name: 'two windows', windows: (there) => [there, '/other'], leadsTo: 0 },
    { name: 'a window of another scope', windows: () => ['/elsewhere/page'], leadsTo: 'new' },
    { name: 'a hidden window', windows: () => ['/other', elsewhere], leadsTo: 0 },
    { name: 'a hidden window at the URL', windows: (there) => [there, elsewhere], leadsTo: 0 },
  ]
  const rows = settings.flatMap((setting) =>
    targets.map((target) => ({ ...target, setting: setting.name, target, given: setting })),
  )

  test.each(rows)('with $setting, a click on $kind', async ({ target, given }) => {
    if (given.name !== 'an uncontrolled window' && !uncontrolled.isClosed()) {
      await world.browser.newPage('about:blank')
      await uncontrolled.close()
    }
    const before = await arrange(given.windows(target.path ?? '/there'))
    const controllers = await Promise.all(before.map(controllerOf))
    expect(controllers).toEqual(before.map((page) => controllerAt(page)))
    const paths = before.map(pathOf)
    const { id, shown } = await show('buttons', { navigate: target.navigate })
    world.desktop.click(shown, 'action' in target ? target.action : undefined)
    if (target.path === null) await checkPost(before, paths, given, id)
    else await checkWindow(before, paths, given, target, id)
  })

  async function checkWindow(
    before: readonly Page[],
    paths: readonly string[],
    { leadsTo }: Setting,
    target: Target,
    id: string,
  ): Promise<void> {
    const there = await focusedAt(target.path ?? '')
    const pages = await appPages()
    if (leadsTo === 'new') {
      expect(before).not.toContain(there)
      expect(pages).toHaveLength(before.length + 1)
      expect(before.map(pathOf)).toEqual(paths)
    } else {
      expect(there).toBe(before[leadsTo])
      expect(pages).toHaveLength(before.length)
      const others = before.filter((page) => page !== there)
      expect(others.map(pathOf)).toEqual(paths.filter((_, index) => index !== leadsTo))
    }
    // A page that was loaded for the click has not run any code of the app yet.
    if (!(await there.evaluate(() => 'push' in window))) await listen(there)
    await expectOneClick(id, 'id' in target ? target.id : '')
  }

  async function checkPost(
    before: readonly Page[],
    paths: readonly string[],
    { windows }: Setting,
    id: string,
  ): Promise<void> {
    const { site } = world
    const mine = () => site.posts.filter(({ body }) => (body as { title: string }).title === id)
    await expect.poll(mine).toHaveLength(1)
    expect(mine()).toMatchObject([{ hasCookie: true }])
    // A second look at what is there, once the app's next page knows of the click.
    const front = windows('/there').at(-1)
    const isTold = typeof front === 'string' && front.startsWith('/') && !/elsewhere/.test(front)
    if (!isTold) await listen(await world.browser.newPage(`${site.origin}/`))
    await expectOneClick(id, 'like')
    expect(before.map(pathOf)).toEqual(paths)
    expect(await appPages()).toHaveLength(before.length + (isTold ? 0 : 1))
    expect(mine()).toHaveLength(1)
  }

  /** Some page is told of the click, and none of it again. */
  async function expectOneClick(id: string, action: string): Promise<void> {
    const told = [{ id, action }]
    await expect.poll(() => allHeard(id)).toEqual(told)
    for (const page of await appPages()) {
      if (await page.evaluate(() => 'push' in window)) await call(page, 'prepare')
    }
    expect(await allHeard(id)).toEqual(told)
  }

  test('a page with a router is led there and not loaded again, also where it was loaded', async () => {
    await arrange([elsewhere])
    const page = await world.browser.newPage(`${world.site.origin}/there`)
    await listen(page, { hasRouter: true })
    await page.evaluate(() => {
      history.pushState({}, '', '/routed')
      Object.assign(window, { isSame: true })
    })
    const first = await show('buttons', { navigate: '/there' })
    world.desktop.click(first.shown)
    expect(await focusedAt('/there')).toBe(page)
    await expectOneClick(first.id, '')
    const second = await show('buttons', { navigate: '/there' })
    world.desktop.click(second.shown, 'Track')
    expect(await focusedAt('/track')).toBe(page)
    await expectOneClick(second.id, 'track')
    expect(await page.evaluate(() => 'isSame' in window)).toBe(true)
    const routed = await page.evaluate(() => [...(window as unknown as FixtureWindow).routed])
    expect(routed).toEqual(['/there', '/track'].map((path) => world.site.origin + path))
    expect(await appPages()).toEqual([page])
  })

  test('a request that the backend refuses is told of', async () => {
    await arrange([elsewhere])
    const { id, shown } = await show('buttons', {})
    world.site.failing = 403
    world.desktop.click(shown, 'Like')
    await world.desktop.waitFor(({ title }) => title === 'Not sent', { after: shown })
    world.site.failing = null
    expect(
      world.site.posts.filter(({ body }) => (body as { title: string }).title === id),
    ).toHaveLength(1)
  })

  test('a request that fails is made again under its key when a page is opened', async () => {
    await arrange([elsewhere])
    const { id, shown } = await show('buttons', {})
    const mine = () =>
      world.site.posts.filter(({ body }) => (body as { title: string }).title === id)
    world.site.failing = 500
    world.desktop.click(shown, 'Like')
    await expect.poll(mine).toHaveLength(1)
    world.site.failing = null
    const page = await world.browser.newPage(world.site.origin)
    await expect
      .poll(async () => {
        await listen(page)
        return mine().length
      })
      .toBe(2)
    expect(mine()[1]?.key).toBe(mine()[0]?.key)
  })

  // Firefox has no field to write in (153).
  test.runIf(engine === 'chromium')('a reply comes with the request and the click', async () => {
    const [page] = await arrange(['/other'])
    const { id, shown } = await show('question', {})
    world.desktop.reply(shown, 'Yes')
    const body = { title: id, reply: 'Yes' }
    await expect.poll(() => world.site.posts.map((post) => post.body)).toContainEqual(body)
    await expect.poll(() => allHeard(id)).toEqual([{ id, action: 'answer', reply: 'Yes' }])
    expect(page && pathOf(page)).toBe('/other')
  })
})
