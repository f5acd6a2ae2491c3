import { describe, expect, test, vi } from 'vitest'
import { createClickLog } from '../../src/shared/click-log.ts'
import { createDatabaseConnection } from '../../src/shared/database-connection.ts'
import type { LoadWorkerOptions } from '../../src/testing/worker/index.ts'
import { createPushWorker, type Route, type WorkerScope } from '../../sw/index.ts'
import {
  blockDatabase,
  breakDatabase,
  holdDatabase,
  home,
  keepRecord,
  loadPushWorker,
  ours,
  present,
  pushOne,
} from './load-push-worker.ts'
import { stopClock } from './stopped-clock.ts'

const order: Route<unknown> = {
  notification: () => ({
    title: 'Order',
    navigate: '/orders/42',
    actions: [
      { action: 'track', title: 'Track', navigate: '/track' },
      { action: 'dismiss', title: 'Dismiss', navigate: null },
    ],
  }),
}

function load(route: Route<unknown> = order, options: LoadWorkerOptions = {}) {
  return loadPushWorker((scope) => createPushWorker({}, scope).on('order', route), options)
}

const waiting = () => createClickLog(createDatabaseConnection()).take(home, () => true)
const expected = {
  scope: home,
  type: 'order',
  id: 'm1',
  data: { n: 1 },
  action: '',
  url: 'https://app.example/orders/42',
}

describe('a click is kept until a page takes it', () => {
  test('with what it was on, and the window that opened is told', async () => {
    await using worker = await load()
    await worker.click(await pushOne(worker, ours('order', { n: 1 })))
    const [click, ...more] = await waiting()
    expect(more).toEqual([])
    expect(click).toMatchObject(expected)
    expect(worker.windows[0]?.messages).toEqual([
      { pushwell: 1, scope: home, kind: 'click', click, stored: true },
    ])
  })

  test('and the window that was navigated is told of its button', async () => {
    await using worker = await load(order, { windows: [{ url: '/a' }, { url: '/b' }] })
    await worker.click(await pushOne(worker, ours('order')), 'track')
    expect(worker.windows.map(({ url, messages }) => [url, messages.length])).toEqual([
      ['https://app.example/track', 2],
      ['https://app.example/b', 0],
    ])
    const told = { action: 'track', url: 'https://app.example/track' }
    expect(worker.windows[0]?.messages).toMatchObject([
      { kind: 'navigate', click: told },
      { kind: 'click', click: told },
    ])
  })

  test('where it leads nowhere, the focused window of the app is told', async () => {
    const windows = [{ url: '/a' }, { url: '/b', focused: true }]
    await using worker = await load(order, { windows })
    await worker.click(await pushOne(worker, ours('order')), 'dismiss')
    expect(await waiting()).toMatchObject([{ action: 'dismiss', url: home }])
    expect(worker.windows.map(({ messages }) => messages.length)).toEqual([1, 0])
  })

  test('where it leads nowhere and no window is focused, nobody is told', async () => {
    await using worker = await load(order, { windows: [{ url: '/a' }] })
    await worker.click(await pushOne(worker, ours('order')), 'dismiss')
    expect(await waiting()).toHaveLength(1)
    expect(worker.windows[0]?.messages).toEqual([])
  })

  test('where its route answers it, and the window that this opened is told', async () => {
    const click: Route<unknown>['click'] = ({ open }) => open('/elsewhere')
    await using worker = await load({ ...order, click })
    await worker.click(await pushOne(worker, ours('order', { n: 1 })))
    expect(await waiting()).toMatchObject([expected])
    expect(worker.windows).toMatchObject([
      { url: 'https://app.example/elsewhere', messages: [{ kind: 'click' }] },
    ])
  })

  test('where its route fails after it opened a window', async () => {
    const click: Route<unknown>['click'] = async ({ open }) => {
      await open()
      throw new Error('broken')
    }
    await using worker = await load({ ...order, click }, { engine: 'firefox' })
    const { failed, opened } = await worker.click(await pushOne(worker, ours('order')))
    expect(failed).toMatchObject({ message: 'broken' })
    expect(opened).toHaveLength(1)
    expect(await waiting()).toHaveLength(1)
  })

  test('of a message without a route', async () => {
    await using worker = await loadPushWorker((scope) => createPushWorker({}, scope))
    const notification = { title: 'T', navigate: '/orders/42' }
    const payload = { notification, ...ours('order', { n: 1 }) }
    await worker.click(await pushOne(worker, payload))
    expect(await waiting()).toMatchObject([expected])
  })

  test('and the window is told that it led to, also outside of the app', async () => {
    await using worker = await load(order, { scope: `${home}app/` })
    await worker.click(await pushOne(worker, ours('order')))
    expect(worker.windows).toMatchObject([{ url: expected.url, messages: [{ kind: 'click' }] }])
  })

  test('and where it leads to another origin, the focused window of the app is told', async () => {
    const windows = [{ url: '/a', focused: true }]
    const setUp = (scope: WorkerScope) =>
      createPushWorker({ allowedOrigins: ['https://partner.example'] }, scope)
    await using worker = await loadPushWorker(setUp, { windows })
    const notification = { title: 'T', navigate: 'https://partner.example/x' }
    await worker.click(await pushOne(worker, { notification }))
    expect(worker.windows).toMatchObject([{ messages: [{ kind: 'click' }] }])
  })

  test('of a message for somebody who is signed in', async () => {
    await using worker = await load()
    await keepRecord({ recipient: 'anna' })
    const shown = await pushOne(worker, ours('order', { n: 1 }, { recipient: 'anna' }))
    expect((await worker.click(shown)).opened).toEqual([expected.url])
    expect(await waiting()).toMatchObject([expected])
    expect(worker.windows).toMatchObject([{ messages: [{ kind: 'click' }] }])
  })

  test.each([[null], ['bert']])(
    'but nothing of one for somebody who is not any more: %s is, who gets to the app’s root',
    async (recipient) => {
      const click = vi.fn<NonNullable<Route<unknown>['click']>>()
      await using worker = await load({ ...order, click })
      await keepRecord({ recipient: 'anna' })
      const shown = await pushOne(worker, ours('order', { n: 1 }, { recipient: 'anna' }))
      await keepRecord({ recipient })
      const { closed, opened } = await worker.click(shown, 'track')
      expect({ closed, opened }).toEqual({ closed: true, opened: [home] })
      expect(click).not.toHaveBeenCalled()
      expect(await waiting()).toEqual([])
      expect(worker.windows).toMatchObject([{ messages: [] }])
    },
  )

  test('but not one on a notification of another script', async () => {
    await using worker = await load()
    await worker.scope.registration.showNotification('Theirs')
    await worker.click(present(worker.notifications[0]))
    expect(await waiting()).toEqual([])
  })
})

describe('the window comes before the database', () => {
  /** A worker whose database is broken from the start, with a notification of ours. */
  async function showAfter(harm: () => void, recipient?: string, eventTimeoutMs = 100) {
    const worker = await load(order, { engine: 'firefox', eventTimeoutMs })
    harm()
    const data = { pushwell: { v: 1, id: 'm1', type: 'order', navigate: '/orders/42', recipient } }
    await worker.scope.registration.showNotification('Order', { data })
    return worker
  }

  test('that never answers', async () => {
    await using worker = await showAfter(blockDatabase)
    const { failed } = await worker.click(present(worker.notifications[0]))
    expect(failed).toMatchObject({ code: 'timeout' })
    expect(worker.windows).toMatchObject([{ url: 'https://app.example/orders/42' }])
  })

  test('that never answers, which leaves nothing of a message for somebody', async () => {
    await using worker = await showAfter(blockDatabase, 'anna', 900)
    const { failed } = await worker.click(present(worker.notifications[0]))
    expect(failed).toMatchObject({ code: 'timeout' })
    expect(worker.windows).toMatchObject([{ url: home, messages: [] }])
  })

  test('that is slow, and a late route that is, at the same time', async () => {
    using clock = stopClock()
    const setUp = (scope: WorkerScope) =>
      createPushWorker({ lateRoutes: () => new Promise(() => undefined) }, scope)
    await using worker = await loadPushWorker(setUp, { engine: 'firefox' })
    await keepRecord({ recipient: 'anna' })
    const data = { pushwell: { v: 1, type: 'order', navigate: '/orders/42', recipient: 'anna' } }
    await worker.scope.registration.showNotification('Order', { data })
    const letOpen = holdDatabase()
    const clicking = worker.click(present(worker.notifications[0]))
    await clock.pass(450)
    letOpen()
    // Firefox opens none after a second.
    await clock.pass(350)
    await clock.see(() => worker.windows).toHaveLength(1)
    expect((await clicking).opened).toEqual([`${home}orders/42`])
  })

  test('that fails: the window is told that the click is kept nowhere', async () => {
    await using worker = await showAfter(breakDatabase)
    const { opened } = await worker.click(present(worker.notifications[0]))
    expect(opened).toEqual(['https://app.example/orders/42'])
    expect(worker.windows[0]?.messages).toMatchObject([{ stored: false, click: { id: 'm1' } }])
  })
})
