import { describe, expect, test } from 'vitest'
import { inbox } from '../../sw/index.ts'
import type { ChosenNotification } from '../../sw/chosen-notification.ts'
import { chat, loadInboxWorker } from './inbox-worker.ts'
import { breakDatabase, listen, present } from './load-push-worker.ts'

const engines = ['chromium', 'firefox', 'webkit'] as const

describe.each(engines)('in %s, the inbox', (engine) => {
  test('holds what was shown, the newest first, also after the worker was ended', async () => {
    await using given = await loadInboxWorker(engine)
    const { worker, box } = given
    await worker.push(chat('m1'))
    await worker.push(chat('m2', {}, { navigate: 'https://elsewhere.example/' }))
    await worker.push(chat('m3', {}, { navigate: null }))
    await worker.push(chat('m1'))
    await worker.restart()
    const common = { type: 'chat', read: false, at: expect.any(Number) }
    expect(await box().list()).toEqual([
      { ...common, id: 'm3', title: 'Title m3', body: 'Body', data: { navigate: null } },
      {
        ...common,
        id: 'm2',
        title: 'Title m2',
        body: 'Body',
        url: 'https://app.example/',
        data: expect.anything(),
      },
      { ...common, id: 'm1', title: 'Title m1', body: 'Body', url: 'https://app.example/chat/m1' },
    ])
  })

  test('has a message read that was clicked, and each that one notification stood for', async () => {
    await using given = await loadInboxWorker(engine)
    const { worker, box } = given
    await worker.push(chat('m1'))
    await worker.click(present(worker.notifications[0]))
    await worker.push(chat('m2', { group: 'a' }))
    await worker.push(chat('m3', { group: 'a' }))
    await worker.push(chat('m4'))
    expect(await box().unread()).toBe(3)
    expect((await box().list({ unreadOnly: true })).map(({ id, title }) => [id, title])).toEqual([
      ['m4', 'Title m4'],
      ['m3', 'Title m3'],
      ['m2', 'Title m2'],
    ])
    await worker.click(present(worker.notifications.find(({ title }) => title === '2 messages')))
    expect((await box().list({ unreadOnly: true })).map(({ id }) => id)).toEqual(['m4'])
  })

  test('has how many are unread on the icon, unless the message says a number', async () => {
    await using given = await loadInboxWorker(engine)
    const { worker, box } = given
    const expected = (count: number) => (engine === 'firefox' ? null : count || null)
    await worker.push(chat('m1'))
    await worker.push(chat('m2'))
    expect(worker.badge).toBe(expected(2))
    await worker.push({ ...chat('m3'), app_badge: 7 })
    expect(worker.badge).toBe(expected(7))
    await worker.click(present(worker.notifications[0]))
    expect(worker.badge).toBe(expected(2))
    await box().markRead()
    expect(worker.badge).toBe(expected(0))
  })
})

test('gives pages of the list, and takes out what it is told', async () => {
  await using given = await loadInboxWorker()
  const { worker, box, ids } = given
  for (const id of ['m1', 'm2', 'm3', 'm4', 'm5']) await worker.push(chat(id))
  const first = await box().list({ limit: 2 })
  const second = await box().list({ limit: 2, before: present(first.at(-1)).at })
  expect([...first, ...second].map(({ id }) => id)).toEqual(['m5', 'm4', 'm3', 'm2'])
  await box().markRead(['m4', 'gone'])
  expect((await box().list({ unreadOnly: true, limit: 2 })).map(({ id }) => id)).toEqual([
    'm5',
    'm3',
  ])
  await box().remove(['m5', 'm1'])
  expect(await ids()).toEqual(['m4', 'm3', 'm2'])
  await box().remove()
  expect(await ids()).toEqual([])
})

test('has a message read that a page took, and one that nobody has taken unread', async () => {
  const takes = { name: 'page', take: ({ message }: ChosenNotification) => message.id === 'm2' }
  await using given = await loadInboxWorker('chromium', {}, takes)
  const { worker, box } = given
  for (const id of ['m1', 'm2']) await worker.push(chat(id))
  expect((await box().list()).map(({ id, read }) => [id, read])).toEqual([
    ['m2', true],
    ['m1', false],
  ])
})

test('tells pages when it has changed', async () => {
  await using given = await loadInboxWorker()
  const { worker, box } = given
  const heard = listen()
  const told = () =>
    heard.filter((message) => (message as { kind: string }).kind === 'inbox').length
  await worker.push(chat('m1'))
  await expect.poll(told).toBe(1)
  await box().markRead()
  await expect.poll(told).toBe(2)
})

test('costs no notification when the database fails', async () => {
  await using given = await loadInboxWorker()
  const { worker, box } = given
  breakDatabase()
  expect(await worker.push(chat('m1'))).toMatchObject({
    penalty: 'none',
    shown: [{ title: 'Title m1' }],
  })
  await expect(box().list()).rejects.toMatchObject({ code: 'storage-failed' })
})

test('is nobody’s until it is a part of a worker', async () => {
  await expect(inbox().list()).rejects.toMatchObject({
    name: 'TypeError',
    code: 'invalid-argument',
  })
})
