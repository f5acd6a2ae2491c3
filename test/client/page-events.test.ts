import { describe, expect, test } from 'vitest'
import type { PageClick, PageMessage } from '../../src/client/index.ts'
import type { ChannelMessage } from '../../src/shared/channel.ts'
import { createClickLog } from '../../src/shared/click-log.ts'
import { createDatabaseConnection } from '../../src/shared/database-connection.ts'
import type { StoredClick } from '../../src/shared/stored-click.ts'
import { createFakePage, type FakePage } from './fake-page-platform.ts'
import { start } from './start-client.ts'

/** Another tab of the same browser. */
function otherTab(page: FakePage, hasFocus: boolean): FakePage {
  const tab = { ...page, hasFocus, events: new EventTarget(), workerMessages: new EventTarget() }
  const { serviceWorker } = page.platform
  tab.platform = Object.defineProperties({} as FakePage['platform'], {
    ...Object.getOwnPropertyDescriptors(page.platform),
    hasFocus: { value: () => tab.hasFocus },
    isVisible: { value: () => tab.hasFocus },
    events: { value: tab.events },
    serviceWorker: {
      value: {
        ...serviceWorker,
        addEventListener: tab.workerMessages.addEventListener.bind(tab.workerMessages),
      },
    },
  })
  return tab
}

/** What the worker says once it has shown a message. */
function show(page: FakePage, type = 'chat', data: unknown = { text: 'hi' }) {
  const message = { id: 'm1', type, data }
  page.channels.say({ pushwell: 1, scope: page.worker.scope, kind: 'message', message })
}

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

describe('onMessage', () => {
  test('hears of messages of its type alone, until it is undone', async () => {
    const { page, push } = start()
    const heard: PageMessage[] = []
    const undo = push.onMessage('chat', (message) => heard.push(message))
    await push.prepare()
    show(page, 'order')
    show(page)
    await expect
      .poll(() => heard)
      .toEqual([{ id: 'm1', data: { text: 'hi' }, elected: true, shown: true }])
    undo()
    const later: unknown[] = []
    push.onMessage('later', ({ data }) => later.push(data))
    show(page)
    show(page, 'later')
    // Told after the one before.
    await expect.poll(() => later).toHaveLength(1)
    expect(heard).toHaveLength(1)
  })

  test('hears what the worker says to this page alone as well', async () => {
    const { page, push } = start()
    const heard: unknown[] = []
    push.onMessage('chat', ({ data }) => heard.push(data))
    await push.prepare()
    const data = {
      pushwell: 1,
      scope: page.worker.scope,
      kind: 'message',
      message: { type: 'chat', data: 1 },
    }
    page.workerMessages.dispatchEvent(Object.assign(new Event('message'), { data }))
    await expect.poll(() => heard).toEqual([1])
  })

  test('leaves alone what is not its own', async () => {
    const { page, push } = start()
    const heard: unknown[] = []
    push.onMessage('chat', ({ data }) => heard.push(data))
    await push.prepare()
    const message = { type: 'chat', data: 1 }
    page.channels.say({
      pushwell: 1,
      scope: 'https://app.example/other/',
      kind: 'message',
      message,
    })
    page.channels.say({ pushwell: 2, scope: page.worker.scope, kind: 'message', message })
    page.channels.say({ pushwell: 1, scope: page.worker.scope, kind: 'later', message })
    page.channels.say('text')
    page.channels.say(null)
    show(page, 'chat', 'its own')
    await expect.poll(() => heard).toContain('its own')
    expect(heard).toEqual(['its own'])
  })

  test('goes on when a listener throws, and the error is seen', async () => {
    const { page, push } = start()
    const uncaught = new Promise((resolve) => process.once('uncaughtException', resolve))
    const heard: unknown[] = []
    push.onMessage('chat', () => {
      throw new Error('listener')
    })
    push.onMessage('chat', ({ data }) => heard.push(data))
    await push.prepare()
    show(page)
    await expect.poll(() => heard).toHaveLength(1)
    expect(await uncaught).toMatchObject({ message: 'listener' })
  })
})

describe('of several tabs', () => {
  /** Tabs, the first one with the focus, and which of them was elected for the last message. */
  async function tabs(count: number) {
    const first = createFakePage()
    const pages = [first]
    while (pages.length < count) pages.push(otherTab(first, false))
    const elected: boolean[] = []
    const ends: AbortController[] = []
    let looked = 0
    first.channels.open('pushwell').addEventListener('message', ({ data }) => {
      if ((data as ChannelMessage).kind === 'changed') looked += 1
    })
    const open = async (page: FakePage) => {
      const index = ends.length
      const end = new AbortController()
      ends.push(end)
      const { push } = start(page, { signal: end.signal })
      push.onMessage('chat', (message) => (elected[index] = message.elected))
      await push.prepare()
    }
    for (const page of pages) await open(page)
    const openAnother = async () => {
      for (const page of pages) page.hasFocus = false
      const page = otherTab(first, true)
      pages.push(page)
      await open(page)
    }
    const focus = async (index: number) => {
      for (const [other, page] of pages.entries()) page.hasFocus = other === index
      const before = looked
      // Browsers tell both of a tab that comes to the front.
      pages[index]?.events.dispatchEvent(new Event('visibilitychange'))
      pages[index]?.events.dispatchEvent(new Event('focus'))
      // A tab stands for election first, then it looks at everything else, and says so.
      await expect.poll(() => looked).toBe(before + 2)
    }
    const ask = async () => {
      elected.length = 0
      show(first)
      const left = ends.filter(({ signal }) => !signal.aborted)
      await expect.poll(() => Object.keys(elected)).toHaveLength(left.length)
      return [...elected]
    }
    /** Closes the tab that is elected. */
    const end = async (index: number) => {
      const held = () => first.locks.count(`pushwell-leader ${first.worker.scope}`)
      const before = held()
      ends[index]?.abort()
      await expect.poll(held).toBeLessThan(before)
    }
    return { ask, focus, end, openAnother, first }
  }

  test('all are told, and the one with the focus is elected', async () => {
    const { ask } = await tabs(3)
    expect(await ask()).toEqual([true, false, false])
  })

  test('the one that had the focus last stays elected', async () => {
    const { ask, focus } = await tabs(3)
    await focus(2)
    expect(await ask()).toEqual([false, false, true])
    await focus(1)
    await focus(1)
    expect(await ask()).toEqual([false, true, false])
    await focus(0)
    await focus(1)
    await focus(0)
    expect(await ask()).toEqual([true, false, false])
  })

  test('another is elected once that one is gone', async () => {
    const { ask, end, focus } = await tabs(3)
    await focus(1)
    await end(1)
    expect((await ask()).filter(Boolean)).toHaveLength(1)
  })

  test('one that was elected for want of another gives way to the next with the focus', async () => {
    const { ask, end, focus, openAnother } = await tabs(3)
    await focus(1)
    await end(1)
    await focus(0)
    await focus(2)
    await end(2)
    expect((await ask())[0]).toBe(true)
    await openAnother()
    expect(await ask()).toMatchObject({ 0: false, 3: true })
  })

  test('none waits more than once, however often the focus goes back and forth', async () => {
    const { first, focus } = await tabs(2)
    for (let index = 0; index < 10; index += 1) await focus(index % 2)
    expect(first.locks.count(`pushwell-leader ${first.worker.scope}`)).toBeLessThanOrEqual(3)
  })

  test('each acts where there are no locks to choose by', async () => {
    const page = createFakePage()
    page.platform.locks = undefined
    page.hasFocus = false
    const { push } = start(page)
    const heard: boolean[] = []
    push.onMessage('chat', ({ elected }) => heard.push(elected))
    await push.prepare()
    show(page)
    await expect.poll(() => heard).toEqual([true])
  })
})

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

describe('a message that the worker offers to the page with the focus', () => {
  const question = { id: 'm1', type: 'chat', data: { text: 'hi' } }

  /** Asks as the worker does, and waits for the answer. */
  async function offer(page: FakePage, mode: 'ask' | 'page', message: object = question) {
    const { port1, port2 } = new MessageChannel()
    const answered = new Promise((resolve) => {
      port1.addEventListener('message', ({ data }) => resolve(data))
      port1.start()
    })
    const data = { pushwell: 1, scope: page.worker.scope, kind: 'ask', mode, message }
    const event = Object.assign(new Event('message'), { data, ports: [port2] })
    page.workerMessages.dispatchEvent(event)
    return answered.finally(() => port1.close())
  }

  test.each([
    ['true', () => true, true],
    ['true later', () => Promise.resolve(true), true],
    ['false', () => false, false],
    ['something else', () => 'yes' as never, false],
  ])('is taken as the app says: %s', async (_, foreground, expected) => {
    const { page, push } = start(createFakePage(), { foreground })
    await push.prepare()
    expect(await offer(page, 'ask')).toBe(expected)
  })

  test('is told to the app whole', async () => {
    const asked: unknown[] = []
    const { page, push } = start(createFakePage(), {
      foreground: (message) => Boolean(asked.push(message)),
    })
    await push.prepare()
    await offer(page, 'ask')
    expect(asked).toEqual([question])
  })

  test('is not taken where the app fails, which is reported', async () => {
    const reported = new Promise((resolve) => process.once('uncaughtException', resolve))
    const { page, push } = start(createFakePage(), {
      foreground: () => Promise.reject(new Error('the app’s')),
    })
    await push.prepare()
    expect(await offer(page, 'ask')).toBe(false)
    expect(await reported).toMatchObject({ message: 'the app’s' })
  })

  test('is not taken without the option', async () => {
    const { page, push } = start()
    push.onMessage('chat', () => undefined)
    await push.prepare()
    expect(await offer(page, 'ask')).toBe(false)
  })

  test('is taken by a page that listens for its type, where the worker says that pages do', async () => {
    const { page, push } = start()
    push.onMessage('chat', () => undefined)
    await push.prepare()
    expect(await offer(page, 'page')).toBe(true)
    expect(await offer(page, 'page', { ...question, type: 'order' })).toBe(false)
  })

  test('is not taken once the page has lost the focus', async () => {
    const page = createFakePage()
    const { push } = start(page, {
      foreground: () => {
        page.hasFocus = false
        return true
      },
    })
    await push.prepare()
    expect(await offer(page, 'ask')).toBe(false)
  })

  test('comes to onMessage as one that was not shown', async () => {
    const { page, push } = start()
    const heard: unknown[] = []
    push.onMessage('chat', ({ shown }) => heard.push(shown))
    await push.prepare()
    const message = { ...question, taken: true }
    page.channels.say({ pushwell: 1, scope: page.worker.scope, kind: 'message', message })
    await expect.poll(() => heard).toEqual([false])
  })
})
