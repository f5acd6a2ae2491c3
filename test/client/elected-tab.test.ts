import { describe, expect, test } from 'vitest'
import type { ChannelMessage } from '../../src/shared/channel.ts'
import { createFakePage, type FakePage } from './fake-page-platform.ts'
import { otherTab } from './other-tab.ts'
import { sayShown } from './say-shown.ts'
import { start } from './start-client.ts'

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
      sayShown(first)
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
    sayShown(page)
    await expect.poll(() => heard).toEqual([true])
  })
})
