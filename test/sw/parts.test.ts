import { expect, test, vi } from 'vitest'
import { createPushWorker, type PushWorker, type WorkerPart } from '../../sw/index.ts'
import { loadPushWorker, ours, pushOne } from './load-push-worker.ts'
import { stopClock } from './stopped-clock.ts'

const route = { notification: () => ({ title: 'From the route' }) }

function load(...parts: readonly Partial<WorkerPart>[]) {
  const named = parts.map((part, index) => ({ name: `part ${index}`, ...part }))
  return loadPushWorker((scope) => createPushWorker({ parts: named }, scope).on('chat', route))
}

test('a part changes what is shown, after the parts before it', async () => {
  const add =
    (text: string): NonNullable<WorkerPart['arrange']> =>
    ({ descriptor, message }) => ({
      descriptor: { ...descriptor, title: `${descriptor.title}${text}` },
      message,
    })
  await using worker = await load({ arrange: add(', one') }, { arrange: add(', two') })
  expect(await pushOne(worker, ours('chat'))).toMatchObject({ title: 'From the route, one, two' })
})

test('a part changes the message that a route is given, after the parts before it', async () => {
  const rename =
    (text: string): NonNullable<WorkerPart['receive']> =>
    ({ notification, ...rest }) => ({
      ...rest,
      notification: { ...notification, title: `${notification?.title}${text}` },
    })
  const echo: NonNullable<Parameters<PushWorker['on']>[1]['notification']> = ({
    notification,
  }) => ({
    title: notification?.title ?? 'none',
  })
  const parts: WorkerPart[] = [
    { name: 'one', receive: rename(', one') },
    { name: 'nothing', receive: () => undefined as never },
    { name: 'throws', receive: () => Promise.reject(new Error('broken')) },
    { name: 'two', receive: rename(', two') },
  ]
  await using worker = await loadPushWorker((scope) =>
    createPushWorker({ parts }, scope).on('chat', { notification: echo }),
  )
  const payload = { ...ours('chat'), notification: { title: 'Sent' } }
  expect(await pushOne(worker, payload)).toMatchObject({ title: 'Sent, one, two' })
})

test('a part that fails or hangs costs no notification, and no other part its say', async () => {
  const shown = vi.fn()
  await using worker = await load(
    {
      arrange: () => {
        throw new Error('broken')
      },
      shown: () => Promise.reject(new Error('broken')),
    },
    { arrange: () => new Promise(() => undefined) },
    {
      arrange: ({ message }) => ({ descriptor: { title: 'Arranged' }, message }),
      shown,
    },
  )
  const result = await worker.push(ours('chat'))
  expect(result).toMatchObject({ penalty: 'none', shown: [{ title: 'Arranged' }] })
  expect(result).not.toHaveProperty('failed')
  expect(shown).toHaveBeenCalledOnce()
})

test('a part is told once of a message, of a click and of a dismissal', async () => {
  const told: unknown[] = []
  await using worker = await load({
    shown: ({ message }, received) => told.push(['shown', message.id, received.appBadge]),
    clicked: ({ action }, { id }) => told.push(['clicked', id, action]),
    closed: ({ id }) => told.push(['closed', id]),
  })
  const payload = { ...ours('chat'), app_badge: 3 }
  const notification = await pushOne(worker, payload)
  await worker.push(payload)
  await worker.click(notification)
  await worker.close(await pushOne(worker, ours('chat', undefined, { id: 'm2' })))
  expect(told).toEqual([
    ['shown', 'm1', 3],
    ['clicked', 'm1', ''],
    ['shown', 'm2', undefined],
    ['closed', 'm2'],
  ])
})

test('a part may listen for itself', async () => {
  const heard = vi.fn()
  await using worker = await load({
    start: ({ scope }) => scope.addEventListener('push', heard),
  })
  await worker.push(ours('chat'))
  expect(heard).toHaveBeenCalledOnce()
})

test('there is one part of a name', async () => {
  await expect(load({ name: 'inbox' }, { name: 'inbox' })).rejects.toMatchObject({
    cause: { name: 'TypeError', message: expect.stringContaining('parts') },
  })
})

test.each(['chromium', 'firefox', 'webkit'] as const)(
  'in %s, no push is held for longer than half a second by what parts do after it',
  async (engine) => {
    using clock = stopClock()
    const begun = vi.fn()
    const later = vi.fn()
    const { promise: going, resolve: end } = Promise.withResolvers<void>()
    const shown = async () => {
      begun()
      await going
      later()
    }
    await using worker = await loadPushWorker(
      (scope) => createPushWorker({ parts: [{ name: 'slow', shown }] }, scope),
      { engine },
    )
    const pushing = worker.push(ours('chat'))
    await clock.see(() => begun.mock.calls).toHaveLength(1)
    await clock.pass(500)
    expect(await pushing).not.toHaveProperty('failed')
    expect(later).not.toHaveBeenCalled()
    end()
    await clock.see(() => later.mock.calls).toHaveLength(1)
  },
)
