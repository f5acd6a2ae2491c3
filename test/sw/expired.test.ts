import { describe, expect, test, vi } from 'vitest'
import { writeMessage } from '../../src/shared/write-message.ts'
import { createPushWorker } from '../../sw/index.ts'
import { listen, loadPushWorker, pushOne } from './load-push-worker.ts'

const hourMs = 3_600_000

function load(route = vi.fn(() => ({ title: 'A call' }))) {
  return loadPushWorker((scope) =>
    createPushWorker({ fallback: { title: 'Acme' }, neutral: { title: 'Neutral' } }, scope).on(
      'call',
      { notification: route },
    ),
  )
}

const call = (expiresAt: number, more: object = {}) =>
  writeMessage(
    { type: 'call', notification: { title: 'A call' }, expiresAt, ...more },
    { id: 'm1' },
  )

const stale = { title: 'You missed a call', navigate: '/missed' }

describe('a message that comes too late', () => {
  test('is shown in its stale form, and its route is not asked', async () => {
    const route = vi.fn(() => ({ title: 'A call' }))
    await using worker = await load(route)
    const shown = await pushOne(worker, call(Date.now() - 1, { stale }))
    expect(shown.title).toBe('You missed a call')
    expect(route).not.toHaveBeenCalled()
    await worker.click(shown)
    expect(worker.windows.map(({ url }) => url)).toEqual(['https://app.example/missed'])
  })

  test('is the fallback when it has no stale form, never its own text and never nothing', async () => {
    await using worker = await load()
    expect((await pushOne(worker, call(Date.now() - 1))).title).toBe('Acme')
  })

  test('is told to no page: what it was about is over', async () => {
    await using worker = await load()
    const heard = listen()
    await pushOne(worker, call(Date.now() - 1, { stale }))
    expect(heard).toEqual([])
  })

  test('is shown to nobody but whom it is for', async () => {
    await using worker = await load()
    const secret = call(Date.now() - 1, { stale, recipient: 'ada' })
    expect((await pushOne(worker, secret)).title).toBe('Neutral')
  })
})

test('a message in time is shown by its route, and so is one that a slow clock takes for early', async () => {
  await using worker = await load()
  expect((await pushOne(worker, call(Date.now() + hourMs, { stale }))).title).toBe('A call')
  const early = { type: 'call', stale, id: 'm2' }
  const now = Date.now() + 48 * hourMs
  const sent = writeMessage(early, { id: '', sentAt: now, expiresAt: now + hourMs })
  expect((await pushOne(worker, sent)).title).toBe('A call')
})
