import { expect, test, vi } from 'vitest'
import { createPushWorker, type NotificationDescriptor } from '../../sw/index.ts'
import { blockDatabase, holdDatabase, loadPushWorker, pushOne } from './load-push-worker.ts'
import { stopClock } from './stopped-clock.ts'
import { chat, loadRepeatWorker, stored } from './repeat-worker.ts'

test('a message is shown while the database never answers, and no second time', async () => {
  await using worker = await loadRepeatWorker('chromium', {}, { around: { eventTimeoutMs: 500 } })
  blockDatabase()
  expect((await pushOne(worker, chat('m1'))).title).toBe('m1')
  expect((await worker.push(chat('m1'))).shown).toEqual([])
})

test('a message that comes again is known while the route is at work, however slow the database', async () => {
  using clock = stopClock()
  const { promise: given, resolve: give } = Promise.withResolvers<NotificationDescriptor>()
  const route = vi.fn<() => NotificationDescriptor | typeof given>(() => ({ title: 'First' }))
  await using worker = await loadPushWorker((scope) =>
    createPushWorker({}, scope).on('chat', { notification: route }),
  )
  await worker.close(await pushOne(worker, chat('m1')))
  await worker.restart()
  await clock.pass(1000)
  const letOpen = holdDatabase()
  route.mockReturnValue(given)
  const again = pushOne(worker, chat('m1'))
  await clock.see(() => route.mock.calls).toHaveLength(2)
  // Longer than storage has in any case.
  await clock.pass(400)
  letOpen()
  await clock.see(stored).toMatchObject([{ at: Date.now() - 400, shown: true }])
  give({ title: 'Chat' })
  // What would be over by now is.
  await clock.pass(1)
  expect(await again).toMatchObject({ title: 'Chat', silent: true })
})
