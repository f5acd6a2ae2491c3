import { describe, expect, test, vi } from 'vitest'
import type { WorkerPart } from '../../sw/index.ts'
import { pushFreely, readRecord, titles } from './load-push-worker.ts'
import { stopClock } from './stopped-clock.ts'
import { chat, loadGroupsWorker, rules } from './groups-worker.ts'

const engines = ['chromium', 'firefox', 'webkit'] as const

describe.each(engines)('in %s, the messages of a group', (engine) => {
  test('that come at one moment are one, and none is lost', async () => {
    await using worker = await loadGroupsWorker(engine)
    const ids = Array.from({ length: 12 }, (_, index) => `m${index}`)
    await Promise.all(ids.map((id) => pushFreely(worker, chat(id))))
    await expect.poll(() => titles(worker)).toEqual(['12 in chat.1'])
  })

  test('that all look at the screen before any is there are one nevertheless', async () => {
    await using worker = await loadGroupsWorker(engine)
    const { registration } = worker.scope
    const list = registration.getNotifications.bind(registration)
    const ids = ['m1', 'm2', 'm3', 'm4', 'm5']
    let looking = 0
    let looked = () => undefined as void
    const all = new Promise<void>((resolve) => (looked = resolve))
    const getNotifications = async () => {
      const listed = await list()
      if (++looking === ids.length) looked()
      await all
      return listed
    }
    Object.assign(registration, { getNotifications })
    await Promise.all(ids.map((id) => pushFreely(worker, chat(id))))
    await expect.poll(() => titles(worker)).toEqual(['5 in chat.1'])
  })

  test('are one also when one is shown while another looks at the screen', async () => {
    await using worker = await loadGroupsWorker(engine)
    await pushFreely(worker, chat('m1'))
    const { registration } = worker.scope
    const list = registration.getNotifications.bind(registration)
    let go = () => undefined as void
    const going = new Promise<void>((resolve) => (go = resolve))
    let isFirst = true
    const getNotifications = async () => {
      const listed = await list()
      if (isFirst) {
        isFirst = false
        await going
      }
      return listed
    }
    Object.assign(registration, { getNotifications })
    const second = pushFreely(worker, chat('m2'))
    await expect.poll(() => isFirst).toBe(false)
    await pushFreely(worker, chat('m3'))
    go()
    await second
    await expect.poll(() => titles(worker)).toEqual(['3 in chat.1'])
  })

  test('stay when there was no time to arrange the last one, which is shown apart', async () => {
    using clock = stopClock()
    await using worker = await loadGroupsWorker(engine, rules, { deadlineMs: 140 })
    await pushFreely(worker, chat('m1'), chat('m2'))
    const { registration } = worker.scope
    const getNotifications = registration.getNotifications.bind(registration)
    const showNotification = registration.showNotification.bind(registration)
    const asked = vi.fn()
    const { promise: listing, resolve: list } = Promise.withResolvers<void>()
    Object.assign(registration, {
      async getNotifications() {
        asked()
        await listing
        return getNotifications()
      },
      async showNotification(...given: Parameters<typeof showNotification>) {
        list()
        await listing
        // Answered after the part has had its own list: it goes on meanwhile.
        await getNotifications()
        return showNotification.apply(registration, given)
      },
    })
    const pushing = pushFreely(worker, chat('m3'))
    await clock.see(() => asked.mock.calls).toHaveLength(1)
    await clock.pass(140)
    await pushing
    expect(titles(worker)).toEqual(['m1', 'm2', 'm3'])
    Object.assign(registration, { getNotifications, showNotification })
    expect((await readRecord())?.pushFailures).toMatchObject([
      { stage: 'arrange', code: 'timeout' },
    ])
  })

  test('are shown at once while the browser does not say what is on the screen', async () => {
    await using worker = await loadGroupsWorker(engine)
    Object.assign(worker.scope.registration, {
      getNotifications: () => new Promise(() => undefined),
    })
    await pushFreely(worker, chat('m1'))
    expect(titles(worker)).toEqual(['m1'])
  })
})

test('a duplicate that comes while others of its group are shown costs nothing in WebKit', async () => {
  await using worker = await loadGroupsWorker('webkit')
  await pushFreely(worker, chat('m1'), chat('m2'))
  await Promise.all([
    pushFreely(worker, chat('m3')),
    pushFreely(worker, chat('m4')),
    pushFreely(worker, chat('m3')),
  ])
  await pushFreely(worker, chat('m5'))
  await expect.poll(() => titles(worker)).toEqual(['5 in chat.1'])
})

test('one whose push goes on keeps no other on the screen in WebKit', async () => {
  using clock = stopClock()
  const { promise: going, resolve: end } = Promise.withResolvers<void>()
  const shown: WorkerPart['shown'] = ({ message }) => (message.id === 'm1' ? going : undefined)
  const parts = [{ name: 'slow', shown }]
  await using worker = await loadGroupsWorker('webkit', rules, { parts, deadlineMs: 300 })
  const first = pushFreely(worker, chat('m1'))
  await clock.see(() => titles(worker)).toEqual(['m1'])
  await pushFreely(worker, chat('m2'))
  const { registration } = worker.scope
  const list = registration.getNotifications.bind(registration)
  let lists = 0
  registration.getNotifications = async () => {
    const listed = await list()
    lists += 1
    return listed
  }
  const third = pushFreely(worker, chat('m3'))
  // Before it is shown, and then for what it takes the place of.
  await clock.see(() => lists).toBe(2)
  // The browser hears of the end of a push a moment later.
  await clock.pass(100)
  expect(titles(worker)).toEqual(['3 in chat.1', 'm1'])
  // Together longer than a push has for its notification.
  await clock.pass(250)
  expect(titles(worker)).toEqual(['3 in chat.1', 'm1'])
  end()
  await first
  await clock.pass(100)
  await third
  expect(titles(worker)).toEqual(['3 in chat.1'])
})
