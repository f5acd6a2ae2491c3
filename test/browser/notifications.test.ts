import { Agent } from 'node:https'
import type { Page } from 'puppeteer-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import webPush from 'web-push'
import type { PushSubscriptionData } from '../../src/shared/subscription.ts'
import type { OutgoingMessage } from '../../src/server/index.ts'
import { engines, showMarker, startWorld, subscribe, type World } from './world.ts'

describe.each(engines)('in stock %s,', (engine) => {
  let world: World
  let subscription: PushSubscriptionData
  let page: Page

  beforeAll(async () => {
    world = await startWorld(engine)
    const subscribed = await subscribe(world)
    subscription = subscribed.subscription
    page = subscribed.page
  })
  afterAll(() => world?.[Symbol.asyncDispose]())

  /** Names that no two tests share. */
  let marker = 0
  beforeEach(() => {
    marker += 1
  })

  /** Everything that the desktop showed for one push: up to the next push's notification. */
  async function shownBy(send: () => Promise<unknown>) {
    const { desktop } = world
    const before = desktop.history.length
    await send()
    await desktop.waitFor((notification) => desktop.history.indexOf(notification) >= before)
    await showMarker(world, `End of ${marker}`)
    return desktop.history.slice(before, -1)
  }

  const send = (message: OutgoingMessage) => world.sender.send(subscription, message)

  /** Waits until a tab is at the path. */
  const tabAt = (path: string) =>
    world.browser.puppeteer.waitForTarget((target) => target.url() === world.site.origin + path)

  /** Waits until the browser itself says that it shows the notification, or no longer does. */
  const isListed = (title: string, listed: boolean) =>
    page.waitForFunction(
      async (wanted, expected) => {
        const registration = await navigator.serviceWorker.getRegistration()
        const shown = await registration?.getNotifications()
        return shown?.some((notification) => notification.title === wanted) === expected
      },
      {},
      title,
      listed,
    )

  describe('a push shows exactly one notification', () => {
    test('which its route describes', async () => {
      const shown = await shownBy(() =>
        send({ type: 'text', data: { title: 'T', body: 'B & <C>' } }),
      )
      expect(shown).toMatchObject([{ title: 'T', body: 'B & <C>' }])
    })

    test.each<[string, OutgoingMessage]>([
      ['that is empty', null],
      ['that is not JSON', { payload: '{"pushwell":' }],
      ['of bytes that are no text', { payload: new Uint8Array([0, 255, 254, 128]) }],
      ['that is JSON of the wrong shape', { payload: '[{"title":[1]}]' }],
      ['whose fields have the wrong types', { payload: '{"notification":{"title":7}}' }],
      ['whose route throws', { type: 'throws' }],
      ['whose route rejects', { type: 'rejects' }],
      ['whose route never settles', { type: 'hangs' }],
      ['whose route gives nonsense', { type: 'nonsense' }],
      ['of a type without a route', { type: 'unknown' }],
    ])('%s: the fallback', async (_, message) => {
      expect((await shownBy(() => send(message))).map(({ title }) => title)).toEqual(['Fallback'])
    })

    test('whose route throws: its own, when it carries one', async () => {
      const notification = { title: 'From the sender', body: 'Hello' }
      const shown = await shownBy(() => send({ type: 'throws', notification }))
      expect(shown).toMatchObject([notification])
    })

    test('with 3,993 octets of payload', async () => {
      const payload = JSON.stringify({ notification: { title: 'Full', body: '' } })
      const body = 'x'.repeat(3993 - payload.length)
      const full = JSON.stringify({ notification: { title: 'Full', body } })
      expect(await shownBy(() => send({ payload: full }))).toMatchObject([{ title: 'Full', body }])
    })

    test('that npm web-push encrypted and sent', async () => {
      const { keys } = world.site
      const payload = JSON.stringify({ pushwell: { v: 1, type: 'text', data: { title: 'Peer' } } })
      const shown = await shownBy(() =>
        webPush.sendNotification(subscription, payload, {
          vapidDetails: { subject: 'mailto:test@pushwell.example', ...keys },
          agent: new Agent({
            ca: world.service.certificate,
            proxyEnv: { HTTPS_PROXY: world.service.proxyUrl },
          }),
          TTL: 60,
        }),
      )
      expect(shown).toMatchObject([{ title: 'Peer' }])
    })
  })

  describe('a body of more than 4,096 octets', () => {
    test('is refused by the sender before it is encrypted', async () => {
      await expect(send({ payload: 'x'.repeat(3994) })).rejects.toMatchObject({
        name: 'RangeError',
        code: 'message-too-large',
      })
    })

    test('is refused by the push service', async () => {
      const response = await world.service.fetch(subscription.endpoint, {
        method: 'POST',
        headers: { TTL: '60', 'Content-Encoding': 'aes128gcm' },
        body: new Uint8Array(4097),
      })
      expect(response.status).toBe(413)
    })
  })

  test('a message that was tampered with is not shown', async () => {
    const { desktop, service, site } = world
    const details = webPush.generateRequestDetails(subscription, 'text', {
      vapidDetails: { subject: 'mailto:test@pushwell.example', ...site.keys },
    })
    const body = Uint8Array.from(details.body)
    body[body.length - 1] = (body.at(-1) ?? 0) ^ 1
    const before = desktop.history.length
    const { headers } = details
    await service.fetch(subscription.endpoint, {
      method: 'POST',
      headers: {
        TTL: '60',
        'Content-Encoding': 'aes128gcm',
        Authorization: String(headers['Authorization']),
      },
      body,
    })
    const message = await service.waitFor(
      (one) => Buffer.from(one.body).equals(body) && one.code !== undefined,
    )
    // Autopush says 101 for a decryption that failed; MCS only says that the octets have come.
    expect(message).toMatchObject(
      engine === 'firefox'
        ? { status: 'failed', code: 101 }
        : { status: 'acknowledged', code: 100 },
    )
    await showMarker(world, 'After the tampered one')
    expect(desktop.history.slice(before).map(({ title }) => title)).toEqual([
      'After the tampered one',
    ])
  })

  test('the same tag replaces the notification that has it', async () => {
    const { desktop } = world
    await send({ type: 'tagged', data: { title: 'First' } })
    const first = await desktop.waitFor(({ title }) => title === 'First')
    await send({ type: 'tagged', data: { title: 'Second' } })
    await desktop.waitFor(({ title }) => title === 'Second')
    await desktop.waitForClose(first)
    const titles = desktop.notifications.map(({ title }) => title)
    expect(titles).toContain('Second')
    expect(titles).not.toContain('First')
  })

  describe('a click', () => {
    test('opens the notification’s page', async () => {
      await send({ type: 'order', data: { id: 1 } })
      const shown = await world.desktop.waitFor(({ title }) => title === 'Order 1')
      world.desktop.click(shown)
      await tabAt('/orders/1')
      await isListed('Order 1', false)
    })

    test('on a button opens the button’s page', async () => {
      await send({ type: 'order', data: { id: 2 } })
      const shown = await world.desktop.waitFor(({ title }) => title === 'Order 2')
      // Chromium keeps the page's ids to itself, and numbers the buttons: the title is the same.
      const action = engine === 'firefox' ? 'track' : '0'
      expect(shown.actions).toMatchObject([{ action, title: 'Track' }])
      world.desktop.click(shown, 'Track')
      await tabAt('/track/2')
    })

    test('focuses the tab that is there already, and opens no other', async () => {
      const tabs = async () =>
        (await world.browser.puppeteer.pages()).filter((one) => one.url().endsWith('/orders/3'))
      const tab = await world.browser.newPage(`${world.site.origin}/orders/3`)
      await world.browser.newPage('about:blank')
      expect(await tab.evaluate(() => document.hasFocus())).toBe(false)
      await send({ type: 'order', data: { id: 3 } })
      world.desktop.click(await world.desktop.waitFor(({ title }) => title === 'Order 3'))
      await tab.waitForFunction(() => document.hasFocus())
      expect(await tabs()).toHaveLength(1)
    })
  })

  test('a dismissed notification is gone from the browser, and opens nothing', async () => {
    const { desktop, browser } = world
    await send({ type: 'order', data: { id: 4 } })
    const shown = await desktop.waitFor(({ title }) => title === 'Order 4')
    await isListed('Order 4', true)
    desktop.dismiss(shown)
    await isListed('Order 4', false)
    await showMarker(world, 'After the dismissal')
    const urls = (await browser.puppeteer.pages()).map((one) => one.url())
    expect(urls.filter((url) => url.endsWith('/orders/4'))).toEqual([])
  })
})
