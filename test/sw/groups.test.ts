import { describe, expect, test } from 'vitest'
import { groups } from '../../sw/index.ts'
import {
  keepRecord,
  listen,
  ours,
  present,
  pushFreely,
  readRecord,
  titles,
} from './load-push-worker.ts'
import { chat, loadGroupsWorker } from './groups-worker.ts'

const engines = ['chromium', 'firefox', 'webkit'] as const

describe.each(engines)('in %s, the messages of a group', (engine) => {
  test('stay apart under their own tags up to a number, and are one after it', async () => {
    await using worker = await loadGroupsWorker(engine)
    await pushFreely(worker, chat('m1'), chat('m2', {}, { tag: 'mine' }))
    expect(titles(worker)).toEqual(['m1', 'm2'])
    expect(worker.notifications.map(({ tag }) => tag)).toEqual(['m1', 'mine'])
    await pushFreely(
      worker,
      chat('m3'),
      ours('chat', {}, { id: 'other', group: 'news' }),
      chat('m4'),
    )
    await expect.poll(() => titles(worker)).toEqual(['4 in chat.1', 'other'])
    const summary = present(worker.notifications.find(({ title }) => title !== 'other'))
    expect(summary).toMatchObject({ body: 'm1,m2,m3,m4', icon: '' })
  })

  test('are counted on after the worker was ended', async () => {
    await using worker = await loadGroupsWorker(engine)
    for (const id of ['m1', 'm2', 'm3', 'm4', 'm5']) {
      await pushFreely(worker, chat(id))
      await worker.restart()
    }
    await expect.poll(() => titles(worker)).toEqual(['5 in chat.1'])
  })

  test('begin anew once the user has dismissed the notification that stands for them', async () => {
    await using worker = await loadGroupsWorker(engine)
    await pushFreely(worker, chat('m1'), chat('m2'), chat('m3'))
    await worker.close(present(worker.notifications[0]))
    await pushFreely(worker, chat('m4'))
    expect(titles(worker)).toEqual(['m4'])
  })

  test('for one user are not folded with another’s, nor is what is neutral', async () => {
    await using worker = await loadGroupsWorker(engine)
    await keepRecord({ recipient: 'anna' })
    for (const id of ['m1', 'm2']) await pushFreely(worker, chat(id, { recipient: 'anna' }))
    await pushFreely(worker, chat('m3', { recipient: 'bert' }), chat('m4'))
    expect(titles(worker)).toEqual(['Neutral', 'm1', 'm2', 'm4'])
    await pushFreely(worker, chat('m5', { recipient: 'anna' }))
    await expect.poll(() => titles(worker)).toEqual(['3 in chat.1', 'Neutral', 'm4'])
  })

  test('are told to pages one by one, and the click on what stands for them is its own', async () => {
    await using worker = await loadGroupsWorker(engine)
    const heard = listen()
    await pushFreely(worker, chat('m1'), chat('m2'), chat('m3'))
    await expect.poll(() => heard.length).toBe(3)
    expect(heard).toMatchObject([
      { message: { id: 'm1' } },
      { message: { id: 'm2' } },
      { message: { id: 'm3', type: 'chat' } },
    ])
    await worker.click(present(worker.notifications[0]))
    expect(worker.windows.map(({ url }) => url)).toEqual(['https://app.example/chat'])
  })

  test('stay apart when what describes all of them fails', async () => {
    const summary = () => {
      throw new Error('broken')
    }
    await using worker = await loadGroupsWorker(engine, { '*': { apart: 1, summary } })
    await pushFreely(worker, chat('m1'), chat('m2'))
    expect(titles(worker)).toEqual(['m1', 'm2'])
  })

  test('stay apart when what describes all of them has no title', async () => {
    await using worker = await loadGroupsWorker(engine, {
      '*': { apart: 1, summary: () => ({ title: '' }) },
    })
    await pushFreely(worker, chat('m1'), chat('m2'), chat('m3'))
    expect(titles(worker)).toEqual(['m1', 'm2', 'm3'])
    expect((await readRecord())?.pushFailures).toMatchObject([
      { stage: 'arrange', code: 'failed', id: 'm2' },
      { stage: 'arrange', code: 'failed', id: 'm3' },
    ])
  })
})

test('the messages of a group without an id stay apart', async () => {
  await using worker = await loadGroupsWorker('chromium', {
    '*': { apart: 1, summary: () => ({ title: 'All' }) },
  })
  const without = (title: string) => ({
    pushwell: { v: 1, group: 'chat.1' },
    notification: { title, tag: title },
  })
  await pushFreely(
    worker,
    { notification: { title: 'News', tag: 'news' } },
    without('a'),
    without('b'),
  )
  await pushFreely(worker, chat('m1'))
  expect(titles(worker)).toEqual(['News', 'a', 'b', 'm1'])
})

test.each([
  ['chat', 'own'],
  ['chat.one', 'longer'],
  ['chat.two', 'short'],
  ['news', 'all'],
])('the group %s has the rule that is the closest: %s', async (group, title) => {
  const rule = (name: string) => ({ apart: 0, summary: () => ({ title: name }) })
  await using worker = await loadGroupsWorker('chromium', {
    '*': rule('all'),
    chat: rule('own'),
    'chat*': rule('short'),
    'chat.o*': rule('longer'),
  })
  await pushFreely(worker, ours('chat', {}, { id: 'm1', group }))
  expect(titles(worker)).toEqual([title])
})

test.each([
  ['rules["a"] must be "latest" or have a summary.', {}],
  ['rules["a"] must be "latest" or have a summary.', 'first'],
  [
    'apart of rules["a"] must be 0 or more.',
    { apart: Number.NaN, summary: () => ({ title: 'A' }) },
  ],
])('a wrong rule is refused: %s', (message, a) => {
  expect(() => groups({ a } as never)).toThrow(message)
})
