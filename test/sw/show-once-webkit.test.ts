import { describe, expect, test } from 'vitest'
import { createPushWorker, type WorkerPart } from '../../sw/index.ts'
import {
  keepRecord,
  loadPushWorker,
  present,
  pushFreely,
  pushOne,
  titles,
} from './load-push-worker.ts'
import { stopClock } from './stopped-clock.ts'
import { chat, loadRepeatWorker } from './repeat-worker.ts'

test('in WebKit, a message that comes again does not wait for the end of the first one’s push, which keeps what it showed', async () => {
  using clock = stopClock()
  const { promise: hangs, resolve: end } = Promise.withResolvers<void>()
  const part: WorkerPart = { name: 'slow', shown: () => hangs }
  await using worker = await loadPushWorker(
    (scope) => createPushWorker({ deadlineMs: 100, parts: [part] }, scope),
    { engine: 'webkit' },
  )
  const message = { ...chat('m1'), notification: { title: 'Chat' } }
  const first = worker.push(message)
  await clock.see(() => titles(worker)).toEqual(['Chat'])
  const second = worker.push(message)
  // No longer than a push has for its notification.
  await clock.pass(100)
  await clock.see(() => titles(worker)).toEqual(['Chat', 'Chat'])
  // Less than the first one may last.
  await clock.pass(300)
  // Answered after any list that the worker has asked for.
  await worker.scope.registration.getNotifications()
  expect(titles(worker)).toEqual(['Chat', 'Chat'])
  end()
  expect(await first).toMatchObject({ penalty: 'none', silent: false })
  // The browser hears of its end a moment later.
  await clock.pass(150)
  expect(await second).toMatchObject({ penalty: 'none', silent: false })
  expect(titles(worker)).toEqual(['Chat'])
})

test('where tags do not replace, the earlier copy is taken away', async () => {
  await using worker = await loadRepeatWorker('webkit')
  const { registration } = worker.scope
  const show = registration.showNotification.bind(registration)
  // WebKit (bug 258922): the tag has no effect.
  const untagged: typeof show = (title, options) => show(title, { ...options, tag: '' })
  Object.assign(registration, { showNotification: untagged })
  const first = await pushOne(worker, chat('m1'))
  const again = await pushOne(worker, chat('m1'))
  expect(present(worker.notifications[0])).toBe(again)
  expect(first.ended).toBe('closed')
  expect(worker.notifications).toHaveLength(1)
})

describe('in WebKit, a message that comes again', () => {
  test('at the same moment costs nothing, although the pushes last', async () => {
    const { promise: hangs, resolve: end } = Promise.withResolvers<void>()
    const slow: WorkerPart = { name: 'slow', shown: () => hangs }
    await using worker = await loadRepeatWorker(
      'webkit',
      {},
      { options: { deadlineMs: 20, parts: [slow] } },
    )
    const all = Promise.all([
      pushFreely(worker, chat('m1')),
      pushFreely(worker, chat('m1')),
      pushFreely(worker, chat('m1')),
    ])
    await expect.poll(() => titles(worker)).toEqual(['m1', 'm1'])
    end()
    await all
    await expect.poll(() => titles(worker)).toEqual(['m1'])
  })

  test('takes the place of the neutral notification that it had before its user was known', async () => {
    await using worker = await loadRepeatWorker('webkit')
    await pushFreely(worker, chat('m1', { recipient: 'anna' }))
    expect(titles(worker)).toEqual(['Neutral'])
    await keepRecord({ recipient: 'anna' })
    await pushFreely(worker, chat('m1', { recipient: 'anna' }))
    expect(titles(worker)).toEqual(['m1'])
  })

  test('has no sound either when the browser refuses an option, and is there once', async () => {
    await using worker = await loadRepeatWorker('webkit', { body: 'Body' })
    const { registration } = worker.scope
    const showNotification = registration.showNotification.bind(registration)
    const picky: typeof showNotification = (title, details) =>
      details?.body === undefined
        ? showNotification(title, details)
        : Promise.reject(new TypeError('refused'))
    Object.assign(registration, { showNotification: picky })
    await pushFreely(worker, chat('m1'))
    await pushFreely(worker, chat('m1'))
    expect(worker.notifications).toMatchObject([{ title: 'm1', silent: true }])
  })
})
