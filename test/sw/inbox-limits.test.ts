import { expect, test, vi } from 'vitest'
import { inbox } from '../../sw/index.ts'
import { chat, loadInboxWorker } from './inbox-worker.ts'
import { present } from './load-push-worker.ts'

test('keeps the newest, for a while', async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  try {
    await using given = await loadInboxWorker('chromium', { keep: 3, maxAgeMs: 10_000 })
    const { worker, ids } = given
    for (const id of ['m1', 'm2', 'm3', 'm4']) await worker.push(chat(id))
    expect(await ids()).toEqual(['m4', 'm3', 'm2'])
    vi.setSystemTime(Date.now() + 6000)
    await worker.push(chat('m5'))
    vi.setSystemTime(Date.now() + 6000)
    expect(await ids()).toEqual(['m5'])
  } finally {
    vi.useRealTimers()
  }
})

test('counts nothing on the icon that is too old', async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  try {
    await using given = await loadInboxWorker('chromium', { maxAgeMs: 10_000 })
    const { worker } = given
    for (const id of ['m1', 'm2']) await worker.push(chat(id))
    vi.setSystemTime(Date.now() + 6000)
    await worker.push(chat('m3'))
    vi.setSystemTime(Date.now() + 6000)
    await worker.click(present(worker.notifications[0]))
    expect(worker.badge).toBe(1)
  } finally {
    vi.useRealTimers()
  }
})

test('has all read that one notification stood for, however many, and none from before it', async () => {
  await using given = await loadInboxWorker()
  const { worker, box } = given
  await worker.push(chat('before', { group: 'a' }))
  await worker.close(present(worker.notifications[0]))
  for (let index = 0; index < 60; index++) await worker.push(chat(`m${index}`, { group: 'a' }))
  expect(await box().unread()).toBe(61)
  await worker.click(present(worker.notifications[0]))
  expect((await box().list({ unreadOnly: true })).map(({ id }) => id)).toEqual(['before'])
  expect((await box().list())[0]).not.toHaveProperty('group')
})

test.each([
  ['keep', { keep: 0 }],
  ['keep', { keep: Number.NaN }],
  ['maxAgeMs', { maxAgeMs: -1 }],
])('refuses %s when it keeps nothing: %j', (name, wrong) => {
  expect(() => inbox(wrong)).toThrow(`${name} must be 1 or more.`)
})
