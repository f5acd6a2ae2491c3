import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createPushSender, generateVapidKeys, type PushSender } from '../../src/server/index.ts'
import type { PushSubscriptionData } from '../../src/shared/subscription.ts'
import {
  type Desktop,
  launchBrowser,
  type LaunchedBrowser,
  startDesktop,
  startPushService,
} from '../../src/testing/index.ts'
import { type AttachSite, startAttachSite, type WorkerKind } from './attach-site.ts'
import { engines } from './world.ts'

interface AttachWindow {
  subscribe(key: string, type: WorkerKind): Promise<PushSubscriptionData>
  update(): Promise<void>
}

const kinds: readonly WorkerKind[] = ['module', 'classic']

describe.each(engines)('in stock %s, beside precaching and another push handler', (engine) => {
  const parts = new AsyncDisposableStack()
  let desktop: Desktop
  let site: AttachSite
  let browser: LaunchedBrowser
  let sender: PushSender
  let key: string
  const subscriptions = new Map<WorkerKind, PushSubscriptionData>()

  beforeAll(async () => {
    const service = parts.use(await startPushService())
    desktop = parts.use(await startDesktop())
    site = await startAttachSite()
    parts.defer(() => site.stop())
    const permissions = { [site.origin]: 'granted' } as const
    browser = parts.use(await launchBrowser(engine, { service, desktop, permissions }))
    const keys = await generateVapidKeys()
    key = keys.publicKey
    sender = createPushSender({
      vapid: { subject: 'mailto:test@pushwell.example', ...keys },
      // Those that Chromium is built with are Google's: `service.fetch` brings them to the service.
      endpoints: () => true,
      fetch: service.fetch,
    })
  })
  afterAll(() => parts.disposeAsync())

  const shown = (title: string) => desktop.waitFor((one) => one.title === title)
  const send = (kind: WorkerKind, message: Parameters<PushSender['send']>[1]) =>
    sender.send(found(subscriptions.get(kind)), message)

  describe.each(kinds)('a %s worker', (kind) => {
    test('shows what is ours, and leaves the rest to the other handler', async () => {
      const page = await browser.newPage(`${site.origin}/${kind}/index.html`)
      const subscription = await page.evaluate(
        (applicationServerKey, type) =>
          (window as unknown as AttachWindow).subscribe(applicationServerKey, type),
        key,
        kind,
      )
      subscriptions.set(kind, subscription)
      const before = desktop.history.length
      await send(kind, { payload: `News for ${kind}` })
      await shown(`Other: News for ${kind}`)
      await send(kind, { type: 'chat', data: `Chat of ${kind}` })
      await shown(`Chat of ${kind} in version 1`)
      expect(desktop.history.slice(before)).toHaveLength(2)
    })

    test('leads a click on ours where it says, and leaves one on the other’s to its handler', async () => {
      desktop.click(await shown(`Chat of ${kind} in version 1`))
      await site.requested(`/${kind}/chat`)
      desktop.click(await shown(`Other: News for ${kind}`))
      await site.requested(`/${kind}/other`)
    })
  })

  test('updates of the workers lose no message, and the new ones show what comes after', async () => {
    const open = kinds.map((kind) => browser.newPage(`${site.origin}/${kind}/index.html`))
    const pages = await Promise.all(open)
    const before = desktop.history.length
    site.version = 2
    const titles: string[] = []
    const sent: Promise<unknown>[] = []
    const sendSome = (when: string) => {
      for (const kind of kinds) {
        const data = `${when} the update of ${kind}`
        titles.push(data)
        sent.push(send(kind, { type: 'chat', data }))
      }
    }
    sendSome('Before')
    const updates = pages.map((page) =>
      page.evaluate(() => (window as unknown as AttachWindow).update()),
    )
    sendSome('During')
    await Promise.all(updates)
    sendSome('After')
    await Promise.all(sent)
    const now = () => desktop.history.slice(before).map(({ title }) => title)
    await Promise.all(
      titles.map((data) => desktop.waitFor(({ title }) => title.startsWith(`${data} in version`))),
    )
    expect(now()).toHaveLength(titles.length)
    expect(now()).toEqual(
      expect.arrayContaining(kinds.map((kind) => `After the update of ${kind} in version 2`)),
    )
  })

  test('precached pages load when the site is gone', async () => {
    await site.stop()
    for (const kind of kinds) {
      const page = await browser.newPage(`${site.origin}/${kind}/index.html`)
      expect(await page.title()).toBe('Precached')
    }
  })
})

function found<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('It is not there.')
  return value
}
