import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { SubscriptionRecord } from '../../src/server/index.ts'
import {
  call,
  clickEnable,
  engines,
  openPage,
  startWorld,
  subscribe,
  subscriptionIsSaved,
  type World,
} from './world.ts'

describe.each(engines)('in stock %s,', (engine) => {
  let world: World
  let before: SubscriptionRecord

  beforeAll(async () => {
    world = await startWorld(engine)
  })
  afterAll(() => world?.[Symbol.asyncDispose]())

  beforeEach(async () => {
    before = (await subscribe(world)).row
    await closePages()
  })

  const closePages = async () => {
    const { browser, site } = world
    const open = await browser.puppeteer.pages()
    await browser.newPage('about:blank')
    for (const page of open) {
      if (page.url().startsWith(site.origin)) await page.close()
    }
  }
  /** Changes what the browser has written while it does not run. */
  const whileDown = async (act: () => Promise<void>) => {
    await subscriptionIsSaved(world)
    await world.browser.kill()
    await act()
    await world.browser.start()
  }
  /** The row is the browser's subscription, the only one, and works. */
  const expectRepaired = async (title: string) => {
    const { desktop, sender, site, browser } = world
    const page = await browser.newPage(site.origin)
    const held = await page.evaluate(async () => {
      const registration = await navigator.serviceWorker.getRegistration()
      return (await registration?.pushManager.getSubscription())?.toJSON()
    })
    const [row, ...others] = await site.rows()
    expect(others).toEqual([])
    expect(row?.subscription).toEqual(held)
    if (!row) throw new Error('There is no row.')
    const outcome = await sender.send(row.subscription, { type: 'text', data: { title } })
    expect(outcome).toMatchObject({ status: 'accepted' })
    await desktop.waitFor((shown) => shown.title === title, { timeoutMs: 50_000 })
    return row
  }
  const load = async () => call(await openPage(world), 'prepare')
  const synced = { state: { status: 'subscribed', sync: 'synced' } }

  test('a subscription that is gone from the profile is made again at the next load, in the old one’s place', async () => {
    await whileDown(() => removeSubscription(world))
    expect(await load()).toMatchObject(synced)
    const row = await expectRepaired('Made again')
    expect(row.id).not.toBe(before.id)
    expect(row.createdAt).toBe(before.createdAt)
  })

  test('a subscription whose record is gone from the profile is taken over', async () => {
    await whileDown(() => removeRecord(world))
    expect(await load()).toMatchObject(synced)
    const row = await expectRepaired('Taken over')
    expect(row.id).toBe(before.id)
  })

  test('a permission that was taken back and given again while no page was open', async () => {
    const { browser, site } = world
    await browser.deny(site.origin)
    await browser.grant(site.origin)
    expect(await load()).toMatchObject(synced)
    const row = await expectRepaired('Given again')
    expect(row.createdAt).toBe(before.createdAt)
  })

  test('a permission that was taken back leaves nothing in the backend, and given again brings it back', async () => {
    const { browser, site } = world
    await browser.deny(site.origin)
    expect(await load()).toMatchObject({ state: { status: 'blocked' } })
    expect(await site.rows()).toEqual([])
    await closePages()
    await browser.grant(site.origin)
    expect(await load()).toMatchObject(synced)
    await expectRepaired('Back')
  })

  test('a worker that was unregistered behind an open page is registered again by the next click', async () => {
    const page = await openPage(world)
    await call(page, 'prepare')
    await page.evaluate(async () => {
      const registration = await navigator.serviceWorker.getRegistration()
      await registration?.unregister()
    })
    expect(await clickEnable(page)).toMatchObject(synced)
    await expectRepaired('Registered again')
  })

  // Firefox tells the worker while it clears (pushsubscriptionchange), and the worker subscribes and
  // writes until it is gone itself: what a page then finds varies (153). What can be missing
  // afterwards is what the first two tests take away.
  test.runIf(engine === 'chromium')(
    'cleared site data: what the user wanted went with it, and a click brings it back without a question',
    async () => {
      const { browser, sender, site } = world
      await (await browser.newPage(`${site.origin}/cleared`)).close()
      const page = await openPage(world)
      expect(await call(page, 'prepare')).toMatchObject({ state: { status: 'unsubscribed' } })
      expect(await clickEnable(page)).toMatchObject(synced)
      // Nobody knows the old endpoint any more but the backend: its push service says that it ended.
      expect(await sender.send(before.subscription, null)).toMatchObject({ status: 'gone' })
      await site.store.remove(before.id)
      const row = await expectRepaired('Enabled again')
      expect(row.id).not.toBe(before.id)
    },
  )
})

/** Takes the browser's push subscriptions out of the profile of a browser that does not run. */
async function removeSubscription({ browser: { engine, profile } }: World): Promise<void> {
  if (engine === 'chromium') {
    const path = join(profile, 'Default', 'Preferences')
    const preferences = JSON.parse(await readFile(path, 'utf8')) as { gcm?: object }
    const gcm = { ...preferences.gcm, push_messaging_application_id_map: {} }
    await writeFile(path, JSON.stringify({ ...preferences, gcm }))
    return
  }
  const folder = join(profile, 'storage', 'permanent', 'chrome', 'idb')
  const databases = (await readdir(folder)).filter((name) => name.endsWith('.sqlite'))
  for (const name of databases) {
    const path = join(folder, name)
    const text = await readFile(path, 'latin1')
    if (!text.includes('pushapi')) continue
    for (const suffix of ['', '-wal', '-shm']) await rm(path + suffix, { force: true })
  }
}

/** Takes what the app has stored out of the profile of a browser that does not run. */
async function removeRecord({ browser: { engine, profile }, site }: World): Promise<void> {
  const { port } = new URL(site.origin)
  const folder =
    engine === 'chromium'
      ? join(profile, 'Default', 'IndexedDB', `http_localhost_${port}.indexeddb.leveldb`)
      : join(profile, 'storage', 'default', `http+++localhost+${port}`, 'idb')
  await readdir(folder)
  await rm(folder, { recursive: true })
}
