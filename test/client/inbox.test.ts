import 'fake-indexeddb/auto'
import { describe, expect, test, vi } from 'vitest'
import { createInbox, type PageInboxOptions } from '../../src/client/index.ts'
import { createDatabaseConnection } from '../../src/shared/database-connection.ts'
import { changeInbox } from '../../src/shared/inbox.ts'
import { createReceiptLog } from '../../src/shared/receipt-log.ts'
import { addEntry } from '../../src/shared/inbox-entry.ts'
import { createFakePage, type FakePage } from './fake-page-platform.ts'
import { start } from './start-client.ts'

/** Puts a message into the inbox, as the worker does. */
async function receive(page: FakePage, id: string): Promise<void> {
  const { scope } = page.worker
  const at = Date.now()
  const message = { id, title: id, at, until: at + 60_000, read: false, scope }
  await changeInbox(createDatabaseConnection(), scope, (entries, owner) =>
    addEntry(entries, { ...message, owner }, 10),
  )
  page.channels.say({ pushwell: 1, scope, kind: 'inbox' })
}

const open = (page: FakePage, options?: PageInboxOptions) => createInbox(options, page.platform)
const idsOf = async (page: FakePage) => (await open(page).list()).map(({ id }) => id)

describe('the inbox on a page', () => {
  test('lists what the worker has put there, and has it read and taken out', async () => {
    const page = createFakePage()
    const inbox = open(page)
    for (const id of ['m1', 'm2', 'm3']) await receive(page, id)
    expect(await inbox.list({ limit: 2 })).toMatchObject([
      { id: 'm3', title: 'm3', read: false },
      { id: 'm2' },
    ])
    await inbox.markRead(['m2'])
    expect(await inbox.unread()).toBe(2)
    await inbox.remove(['m1'])
    expect(await idsOf(page)).toEqual(['m3', 'm2'])
    await inbox.markRead()
    expect(await inbox.list({ unreadOnly: true })).toEqual([])
  })

  test('is that of the scope that is named, without a question to the browser', async () => {
    const page = createFakePage()
    await receive(page, 'm1')
    const { scope } = page.worker
    delete page.platform.serviceWorker
    expect((await open(page, { scope }).list()).map(({ id }) => id)).toEqual(['m1'])
  })

  test('is empty before there is a worker, and in browsers without', async () => {
    const page = createFakePage()
    await receive(page, 'm1')
    const { serviceWorker } = page.platform
    Object.assign(serviceWorker ?? {}, { getRegistration: () => Promise.resolve(undefined) })
    expect(await idsOf(page)).toEqual([])
    delete page.platform.serviceWorker
    expect(await idsOf(page)).toEqual([])
    await open(page).markRead()
  })

  test('tells each tab of a change, this one too, until it is told to stop', async () => {
    const page = createFakePage()
    const end = new AbortController()
    const [here, there] = [open(page, { signal: end.signal }), open(page)]
    const heard = { here: vi.fn(), there: vi.fn() }
    here.onChange(heard.here)
    const stop = there.onChange(heard.there)
    await receive(page, 'm1')
    await expect.poll(() => heard.there.mock.calls.length).toBe(1)
    await expect.poll(() => heard.here.mock.calls.length).toBe(1)
    await here.markRead()
    await expect.poll(() => heard.there.mock.calls.length).toBe(2)
    expect(heard.here).toHaveBeenCalledTimes(2)
    stop()
    end.abort()
    await receive(page, 'm2')
    await here.markRead()
    expect(heard.there).toHaveBeenCalledTimes(2)
    expect(heard.here).toHaveBeenCalledTimes(3)
  })

  test('hears nothing of another scope', async () => {
    const page = createFakePage()
    const inbox = open(page)
    const heard = vi.fn()
    inbox.onChange(heard)
    page.channels.say({ pushwell: 1, scope: 'https://app.example/other/', kind: 'inbox' })
    await receive(page, 'm1')
    await expect.poll(() => heard.mock.calls.length).toBe(1)
  })

  test('puts how many are unread on the icon when it is asked to', async () => {
    const badges: number[] = []
    const setAppBadge = (count: number) => Promise.resolve(void badges.push(count))
    vi.stubGlobal('navigator', { setAppBadge })
    try {
      const page = createFakePage()
      for (const id of ['m1', 'm2', 'm3']) await receive(page, id)
      await open(page).markRead(['m1'])
      await open(page, { badge: true }).markRead(['m2'])
      await open(page, { badge: true }).markRead()
      expect(badges).toEqual([1, 0])
    } finally {
      vi.unstubAllGlobals()
    }
  })
})

describe('after a sign-out, the inbox', () => {
  test('is empty on the disk as well, for the next user and for the same one', async () => {
    const { page, push } = start()
    await push.enable()
    await push.identify('anna')
    await receive(page, 'm1')
    expect(await idsOf(page)).toEqual(['m1'])
    await push.identify('anna')
    expect(await idsOf(page)).toEqual(['m1'])
    const database = createDatabaseConnection()
    const { scope: at } = page.worker
    await createReceiptLog(database).add([
      { scope: at, id: 'm1', event: 'shown', at: 1, owner: 'anna' },
    ])
    const clearAppBadge = vi.fn(() => Promise.resolve())
    vi.stubGlobal('navigator', { clearAppBadge })
    try {
      await push.forget()
    } finally {
      vi.unstubAllGlobals()
    }
    expect(clearAppBadge).toHaveBeenCalledOnce()
    for (const name of ['inbox', 'receipts'] as const) {
      const stored = await database.use((opened) => opened.transaction(name).store.getAll())
      expect(stored.filter(({ scope }) => scope === page.worker.scope)).toEqual([])
    }
    await push.identify('bert')
    expect(await idsOf(page)).toEqual([])
    await receive(page, 'm2')
    await push.identify('anna')
    expect(await idsOf(page)).toEqual([])
  })

  test('of another scope is as it was', async () => {
    const { push } = start()
    const other = createFakePage()
    await receive(other, 'm1')
    await push.enable()
    await push.identify('anna')
    await push.forget()
    expect(await idsOf(other)).toEqual(['m1'])
  })
})
