import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from 'puppeteer-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { InboxMessage } from '../../src/client/index.ts'
import type { PushSubscriptionData } from '../../src/shared/subscription.ts'
import { call, clickEnable, engines, openPage, startWorld, type World } from './world.ts'

/** What the page build has. */
interface PageBuild {
  readonly Pushwell: {
    allowReceipts(allowed: boolean): Promise<void>
    createInbox(): {
      list(): Promise<InboxMessage[]>
      markRead(ids?: readonly string[]): Promise<void>
      onChange(listener: () => void): () => void
    }
  }
  changes: number
}

const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

/** Serves one picture, and otherwise never answers. */
async function startPictures() {
  const served: string[] = []
  const hanging = new Set<ServerResponse>()
  const server = createServer(({ url = '' }, response) => {
    served.push(url)
    if (url === '/good.png') {
      response.writeHead(200, { 'content-type': 'image/png', 'cache-control': 'max-age=60' })
      response.end(pixel)
      return
    }
    hanging.add(response)
    response.on('close', () => hanging.delete(response))
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    /** What was asked for, in order. */
    served,
    /** The requests that a browser still waits for. */
    hanging,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

describe.each(engines)('in stock %s,', (engine) => {
  let world: World
  let pictures: Awaited<ReturnType<typeof startPictures>>
  let page: Page
  let subscription: PushSubscriptionData

  beforeAll(async () => {
    world = await startWorld(engine)
    pictures = await startPictures()
    page = await openPage(world, { serviceWorker: `/parts-sw.js?allowed=${pictures.origin}` })
    await clickEnable(page)
    const [row] = await world.site.rows()
    if (!row) throw new Error('The browser is not subscribed.')
    subscription = row.subscription
  })
  afterAll(async () => {
    await world?.[Symbol.asyncDispose]()
    await pictures?.[Symbol.asyncDispose]()
  })

  const send = (id: string, more: object = {}, data: object = {}) =>
    world.sender.send(subscription, { id, type: 'text', data: { title: id, ...data }, ...more })
  const shown = (title: string) => world.desktop.waitFor((one) => one.title === title)
  const onScreen = () => world.desktop.notifications.map(({ title }) => title).toSorted()
  const inbox = () =>
    page.evaluate(() => (window as unknown as PageBuild).Pushwell.createInbox().list())

  test('the messages of a group are one notification on the desktop when they are many', async () => {
    for (const id of ['chat 1', 'chat 2']) {
      await send(id, { group: 'chat.1' })
      await shown(id)
    }
    expect(onScreen()).toEqual(['chat 1', 'chat 2'])
    await send('chat 3', { group: 'chat.1' })
    expect(await shown('3 messages')).toMatchObject({ body: 'chat 1, chat 2, chat 3' })
    await expect.poll(onScreen).toEqual(['3 messages'])
    const more = ['chat 4', 'chat 5', 'chat 6', 'chat 7']
    await Promise.all(more.map((id) => send(id, { group: 'chat.1' })))
    await expect.poll(onScreen).toEqual(['7 messages'])
    await send('chat 2', { group: 'chat.1' })
    await send('marker', {}, { tag: 'marker' })
    await shown('marker')
    await expect.poll(onScreen).toEqual(['7 messages', 'marker'])
  })

  test('progress is one notification, which an earlier message never replaces', async () => {
    const payload = (id: string, sentAt: number) =>
      JSON.stringify({
        pushwell: { v: 1, id, type: 'text', data: { title: `${id} %` }, sentAt, group: 'upload.1' },
      })
    await world.sender.send(subscription, { payload: payload('10', 1000) })
    await shown('10 %')
    await world.sender.send(subscription, { payload: payload('30', 3000) })
    await shown('30 %')
    await world.sender.send(subscription, { payload: payload('20', 2000) })
    await send('after', {}, { tag: 'marker' })
    await shown('after')
    await expect.poll(() => onScreen().filter((title) => title.endsWith('%'))).toEqual(['30 %'])
  })

  test('what was read elsewhere is taken off the desktop, and out of the count', async () => {
    await send('news', {}, { tag: 'news' })
    const news = await shown('news')
    await send('read', { close: ['news', 'chat 1', 'chat 2'] }, { tag: 'marker' })
    await world.desktop.waitForClose(news)
    await shown('5 messages')
    await expect
      .poll(() => onScreen().filter((title) => !title.endsWith('%')))
      .toEqual(['5 messages', 'read'])
  })

  test('a picture is shown; Firefox alone loads it again, as its workers have a cache of their own', async () => {
    await send('pictured', {}, { icon: `${pictures.origin}/good.png` })
    const { icon } = await shown('pictured')
    expect(icon).toMatchObject(
      engine === 'firefox' ? { kind: 'pixels', width: 1 } : { kind: 'file' },
    )
    expect(pictures.served).toHaveLength(engine === 'firefox' ? 2 : 1)
  })

  test('a notification whose picture hangs is shown without it, and nobody waits for that', async () => {
    await send('hanging', {}, { icon: `${pictures.origin}/hanging.png` })
    await shown('hanging')
    expect(pictures.served).toContain('/hanging.png')
    await expect.poll(() => pictures.hanging.size).toBe(0)
  })

  test('the page reads in the inbox what was shown, and what was clicked is read', async () => {
    await page.evaluate(() => {
      const global = window as unknown as PageBuild
      global.changes = 0
      global.Pushwell.createInbox().onChange(() => (global.changes += 1))
    })
    await send('letter', {}, { navigate: '/letter' })
    const letter = await shown('letter')
    await page.waitForFunction(() => (window as unknown as PageBuild).changes > 0)
    expect((await inbox())[0]).toMatchObject({
      id: 'letter',
      type: 'text',
      data: { title: 'letter', navigate: '/letter' },
      title: 'letter',
      url: `${world.site.origin}/letter`,
      read: false,
    })
    expect((await inbox()).filter(({ id }) => id === 'chat 2')).toMatchObject([{ title: 'chat 2' }])
    const other = await world.browser.newPage(`${world.site.origin}/letter`)
    world.desktop.click(letter)
    await expect.poll(async () => (await inbox())[0]?.read).toBe(true)
    await other.close()
    await page.evaluate(() => (window as unknown as PageBuild).Pushwell.createInbox().markRead())
    expect((await inbox()).filter(({ read }) => !read)).toEqual([])
  })

  test('what became of a message reaches the backend, once that is allowed', async () => {
    const { desktop, site } = world
    const events = () => site.receipts.map(({ id, event }) => `${id} ${event}`).toSorted()
    expect(site.receipts).toEqual([])
    await page.evaluate(() => (window as unknown as PageBuild).Pushwell.allowReceipts(true))
    await send('one')
    await send('two')
    desktop.dismiss(await shown('one'))
    await expect
      .poll(events, { timeout: 15_000 })
      .toEqual(['one closed', 'one received', 'one shown', 'two received', 'two shown'])
    expect(JSON.stringify(site.receipts)).not.toContain(subscription.endpoint)
  })

  test('after a sign-out, the inbox is empty', async () => {
    await call(page, 'identify', 'alice')
    await send('private', { recipient: 'alice' })
    await shown('private')
    await expect.poll(async () => (await inbox()).map(({ id }) => id)).toEqual(['private'])
    await call(page, 'forget')
    expect(await inbox()).toEqual([])
  })
})
