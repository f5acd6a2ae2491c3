import { describe, expect, test } from 'vitest'
import type { PageClick } from '../../src/client/index.ts'
import { createClickLog } from '../../src/shared/click-log.ts'
import { createDatabaseConnection } from '../../src/shared/database-connection.ts'
import type { StoredClick } from '../../src/shared/stored-click.ts'
import { createFakePage, type FakePage } from './fake-page-platform.ts'
import { otherTab } from './other-tab.ts'
import { start } from './start-client.ts'

let clicks = 0

/** What the worker does once a notification was clicked: it keeps the click, and says so. */
async function click(page: FakePage, change: Partial<StoredClick> = {}, stored = true) {
  const made: StoredClick = {
    key: `${(clicks += 1)}`,
    scope: page.worker.scope,
    at: page.now,
    type: 'chat',
    id: 'm1',
    data: { text: 'hi' },
    action: '',
    url: 'https://app.example/chat',
    ...change,
  }
  if (stored) await createClickLog(createDatabaseConnection()).add(made)
  page.channels.say({ pushwell: 1, scope: page.worker.scope, kind: 'click', click: made, stored })
}

describe('onClick', () => {
  const listen = (push: ReturnType<typeof start>['push']) => {
    const heard: PageClick[] = []
    const undo = push.onClick('chat', (it) => heard.push(it))
    return { heard, undo }
  }

  test('hears of a click with all that is known of it', async () => {
    const { page, push } = start()
    const { heard } = listen(push)
    await push.prepare()
    await click(page, { action: 'reply' })
    await expect
      .poll(() => heard)
      .toEqual([
        {
          id: 'm1',
          data: { text: 'hi' },
          action: 'reply',
          url: 'https://app.example/chat',
          at: page.now,
        },
      ])
  })

  test('hears of the click that opened the page', async () => {
    const { page, push } = start()
    await click(page)
    page.url = 'https://app.example/chat'
    const { heard } = listen(push)
    await push.prepare()
    await expect.poll(() => heard).toHaveLength(1)
  })

  test('leaves a click to the page that it led to, and takes what nobody has taken in time', async () => {
    const { page, push } = start()
    await click(page)
    const { heard } = listen(push)
    await push.prepare()
    expect(heard).toEqual([])
    page.now += 5001
    page.events.dispatchEvent(new Event('focus'))
    await expect.poll(() => heard).toHaveLength(1)
  })

  test('hears of a click from before it was added, the oldest first, and never twice', async () => {
    const { page, push } = start()
    await push.prepare()
    await click(page, { id: 'second', at: page.now + 1 })
    await click(page, { id: 'first' })
    const { heard } = listen(push)
    await expect.poll(() => heard.map(({ id }) => id)).toEqual(['first', 'second'])
    const again = listen(push)
    await click(page, { id: 'third' })
    await expect.poll(() => again.heard).not.toEqual([])
    expect(again.heard).toMatchObject([{ id: 'third' }])
  })

  test('hands each click over once over two clients and two listeners’ tabs', async () => {
    const page = createFakePage()
    const one = start(page).push
    const two = start(otherTab(page, false)).push
    const heard = [listen(one), listen(two)]
    await one.prepare()
    await two.prepare()
    await click(page)
    await click(page)
    const ids = () => heard.flatMap((it) => it.heard.map(({ id }) => id))
    await expect.poll(ids).toHaveLength(2)
    // Whoever took those has been at the database before whoever takes this.
    await click(page, { id: 'm2' })
    await expect.poll(ids).toContain('m2')
    expect(ids().filter((id) => id === 'm1')).toHaveLength(2)
  })

  test('leaves a click of another type to who listens for it', async () => {
    const page = createFakePage()
    const one = start(page).push
    const { heard } = listen(one)
    await click(page, { type: 'order' })
    page.url = 'https://app.example/chat'
    await one.prepare()
    expect(heard).toEqual([])
    const orders: unknown[] = []
    one.onClick('order', ({ id }) => orders.push(id))
    await expect.poll(() => orders).toEqual(['m1'])
  })

  test('leaves a click that comes after its undoing to the next listener', async () => {
    const { page, push } = start()
    const { heard, undo } = listen(push)
    await push.prepare()
    undo()
    await click(page)
    const orders: unknown[] = []
    push.onClick('order', ({ id }) => orders.push(id))
    await click(page, { type: 'order' })
    await expect.poll(() => orders).toHaveLength(1)
    expect(heard).toEqual([])
    const next = listen(push)
    await expect.poll(() => next.heard).toHaveLength(1)
  })

  test('hears of a click that the worker could not keep', async () => {
    const { page, push } = start()
    const { heard } = listen(push)
    await push.prepare()
    await click(page, {}, false)
    await expect.poll(() => heard).toHaveLength(1)
  })

  test('that throws neither hides the click from others nor brings it again', async () => {
    const { page, push } = start()
    const uncaught = new Promise((resolve) => process.once('uncaughtException', resolve))
    push.onClick('chat', () => {
      throw new Error('listener')
    })
    const { heard } = listen(push)
    await push.prepare()
    await click(page)
    await expect.poll(() => heard).toHaveLength(1)
    expect(await uncaught).toMatchObject({ message: 'listener' })
    const next = start(page).push
    const later = listen(next)
    page.now += 5001
    await next.prepare()
    expect(later.heard).toEqual([])
  })
})
