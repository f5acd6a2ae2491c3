import { describe, expect, test, vi } from 'vitest'
import type { WorkerEngine } from '../../src/testing/worker/index.ts'
import {
  badge,
  createPushWorker,
  groups,
  inbox,
  type InboxOptions,
  type InboxPart,
  type WorkerPart,
} from '../../sw/index.ts'
import {
  breakDatabase,
  keepRecord,
  listen,
  loadPushWorker,
  ours,
  present,
} from './load-push-worker.ts'
import type { ChosenNotification } from '../../sw/chosen-notification.ts'
import type { WorkerContext } from '../../sw/worker-context.ts'

const engines = ['chromium', 'firefox', 'webkit'] as const

/** A worker with an inbox, and the inbox as the worker's own code reads it, also after a restart. */
async function load(
  engine: WorkerEngine = 'chromium',
  options?: InboxOptions,
  ...more: readonly WorkerPart[]
) {
  const held: { part?: InboxPart; context?: WorkerContext } = {}
  const start = (context: WorkerContext) => void (held.context = context)
  const summary = ({ count }: { count: number }) => ({ title: `${count} messages` })
  const worker = await loadPushWorker(
    (scope) => {
      const part = (held.part = inbox(options))
      const parts = [
        groups({ '*': { apart: 1, summary } }),
        badge(),
        part,
        { name: 'look', start },
        ...more,
      ]
      createPushWorker({ parts, neutral: { title: 'Neutral' } }, scope).on('chat', {
        notification: ({ id, data }) => ({
          title: `Title ${id}`,
          body: 'Body',
          navigate: `chat/${id}`,
          ...(data as object),
        }),
      })
    },
    { engine },
  )
  const box = () => present(held.part)
  const ids = async () => (await box().list()).map(({ id }) => id)
  const context = () => held.context
  return { worker, box, ids, context, [Symbol.asyncDispose]: () => worker[Symbol.asyncDispose]() }
}

const chat = (id: string, more?: object, data?: object) => ours('chat', data, { id, ...more })

describe.each(engines)('in %s, the inbox', (engine) => {
  test('holds what was shown, the newest first, also after the worker was ended', async () => {
    await using given = await load(engine)
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
    await using given = await load(engine)
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
    await using given = await load(engine)
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

test('shows nobody what was for somebody else, nor what came while somebody else was signed in', async () => {
  await using given = await load()
  const { worker, box, ids } = given
  await worker.push(chat('nobody'))
  await keepRecord({ recipient: 'anna' })
  await worker.push(chat('m1', { recipient: 'anna' }))
  await worker.push({ ...chat('m2', { recipient: 'bert' }), app_badge: 9 })
  await worker.push(chat('m3'))
  expect(await ids()).toEqual(['m3', 'm1'])
  expect(worker.badge).toBe(2)
  await keepRecord({ recipient: 'bert' })
  expect(await ids()).toEqual([])
  await box().markRead()
  await box().remove()
  await keepRecord({ recipient: 'anna' })
  expect((await box().list()).map(({ id, read }) => [id, read])).toEqual([
    ['m3', false],
    ['m1', false],
  ])
  await keepRecord({ recipient: null })
  expect(await ids()).toEqual(['nobody'])
})

test('keeps nothing of a message whose recipient has signed out since it was shown', async () => {
  await using given = await load()
  const { worker, box, ids } = given
  await keepRecord({ recipient: 'bert' })
  const message = { id: 'late', recipient: 'anna' }
  const { scope, database } = present(given.context())
  await box().shown?.({ descriptor: { title: 'Late' }, message }, message, present(given.context()))
  expect(scope).toBe(worker.scope)
  expect(await database.use((open) => open.transaction('inbox').store.getAll())).toEqual([])
  expect(await ids()).toEqual([])
})

test('keeps the newest, for a while', async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  try {
    await using given = await load('chromium', { keep: 3, maxAgeMs: 10_000 })
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
    await using given = await load('chromium', { maxAgeMs: 10_000 })
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

test('has no number on the icon left of somebody who has signed out', async () => {
  await using given = await load()
  const { worker } = given
  await keepRecord({ recipient: 'anna' })
  await worker.push(chat('m1', { recipient: 'anna' }))
  expect(worker.badge).toBe(1)
  await keepRecord({ recipient: null })
  await worker.push(chat('m2', { recipient: 'anna' }))
  expect(worker.badge).toBe(null)
})

test('has all read that one notification stood for, however many, and none from before it', async () => {
  await using given = await load()
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

test('gives pages of the list, and takes out what it is told', async () => {
  await using given = await load()
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
  await using given = await load('chromium', {}, takes)
  const { worker, box } = given
  for (const id of ['m1', 'm2']) await worker.push(chat(id))
  expect((await box().list()).map(({ id, read }) => [id, read])).toEqual([
    ['m2', true],
    ['m1', false],
  ])
})

test('tells pages when it has changed', async () => {
  await using given = await load()
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
  await using given = await load()
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
