import { describe, expect, test, vi } from 'vitest'
import type { WorkerEngine } from '../../src/testing/worker/index.ts'
import {
  createPushWorker,
  type GroupRules,
  groups,
  type PushWorkerOptions,
  type WorkerPart,
} from '../../sw/index.ts'
import {
  keepRecord,
  listen,
  loadPushWorker,
  ours,
  present,
  readRecord,
} from './load-push-worker.ts'
import { stopClock } from './stopped-clock.ts'

const engines = ['chromium', 'firefox', 'webkit'] as const

const rules: GroupRules = {
  'chat.*': {
    apart: 2,
    summary: ({ name, count, items }) => ({
      title: `${count} in ${name}`,
      body: items.map(({ title }) => title).join(','),
      navigate: '/chat',
      icon: 'https://elsewhere.example/icon.png',
    }),
  },
  'upload.*': 'latest',
}

function load(engine: WorkerEngine, more = rules, options: PushWorkerOptions = {}) {
  const { parts = [], ...others } = options
  return loadPushWorker(
    (scope) =>
      createPushWorker(
        { parts: [groups(more), ...parts], neutral: { title: 'Neutral' }, ...others },
        scope,
      ).on('chat', {
        notification: ({ id, data }) => ({
          title: String(id),
          navigate: `/chat/${id}`,
          ...(data as object),
        }),
        click: vi.fn(() => undefined),
      }),
    { engine },
  )
}

type Worker = Awaited<ReturnType<typeof load>>

const chat = (id: string, more?: object, data?: object) =>
  ours('chat', data, { id, group: 'chat.1', ...more })
const upload = (id: string, sentAt: number) =>
  ours(
    'chat',
    { title: `${sentAt} %`, tag: 'upload', vibrate: [9] },
    { id, sentAt, group: 'upload.1' },
  )
const titles = (worker: Worker) => worker.notifications.map(({ title }) => title).toSorted()

/** Pushes what must cost nothing, whatever else it does. */
async function push(worker: Worker, ...payloads: readonly object[]) {
  for (const payload of payloads) {
    const result = await worker.push(payload)
    expect(result).toMatchObject({ penalty: 'none' })
    expect(result).not.toHaveProperty('failed')
  }
}

describe.each(engines)('in %s, the messages of a group', (engine) => {
  test('stay apart under their own tags up to a number, and are one after it', async () => {
    await using worker = await load(engine)
    await push(worker, chat('m1'), chat('m2', {}, { tag: 'mine' }))
    expect(titles(worker)).toEqual(['m1', 'm2'])
    expect(worker.notifications.map(({ tag }) => tag)).toEqual(['m1', 'mine'])
    await push(worker, chat('m3'), ours('chat', {}, { id: 'other', group: 'news' }), chat('m4'))
    await expect.poll(() => titles(worker)).toEqual(['4 in chat.1', 'other'])
    const summary = present(worker.notifications.find(({ title }) => title !== 'other'))
    expect(summary).toMatchObject({ body: 'm1,m2,m3,m4', icon: '' })
  })

  test('are counted on after the worker was ended', async () => {
    await using worker = await load(engine)
    for (const id of ['m1', 'm2', 'm3', 'm4', 'm5']) {
      await push(worker, chat(id))
      await worker.restart()
    }
    await expect.poll(() => titles(worker)).toEqual(['5 in chat.1'])
  })

  test('that come at one moment are one, and none is lost', async () => {
    await using worker = await load(engine)
    const ids = Array.from({ length: 12 }, (_, index) => `m${index}`)
    await Promise.all(ids.map((id) => push(worker, chat(id))))
    await expect.poll(() => titles(worker)).toEqual(['12 in chat.1'])
  })

  test('that all look at the screen before any is there are one nevertheless', async () => {
    await using worker = await load(engine)
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
    await Promise.all(ids.map((id) => push(worker, chat(id))))
    await expect.poll(() => titles(worker)).toEqual(['5 in chat.1'])
  })

  test('are one also when one is shown while another looks at the screen', async () => {
    await using worker = await load(engine)
    await push(worker, chat('m1'))
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
    const second = push(worker, chat('m2'))
    await expect.poll(() => isFirst).toBe(false)
    await push(worker, chat('m3'))
    go()
    await second
    await expect.poll(() => titles(worker)).toEqual(['3 in chat.1'])
  })

  test('and are folded are neither shown nor counted when they come again', async () => {
    await using worker = await load(engine)
    await push(worker, chat('m1'), chat('m2'), chat('m3'))
    await push(worker, chat('m1'), chat('m3'))
    await worker.restart()
    await push(worker, chat('m2'), chat('m2'))
    await expect.poll(() => titles(worker)).toEqual(['3 in chat.1'])
    await push(worker, chat('m4'))
    await expect.poll(() => titles(worker)).toEqual(['4 in chat.1'])
  })

  test('begin anew once the user has dismissed the notification that stands for them', async () => {
    await using worker = await load(engine)
    await push(worker, chat('m1'), chat('m2'), chat('m3'))
    await worker.close(present(worker.notifications[0]))
    await push(worker, chat('m4'))
    expect(titles(worker)).toEqual(['m4'])
  })

  test('for one user are not folded with another’s, nor is what is neutral', async () => {
    await using worker = await load(engine)
    await keepRecord({ recipient: 'anna' })
    for (const id of ['m1', 'm2']) await push(worker, chat(id, { recipient: 'anna' }))
    await push(worker, chat('m3', { recipient: 'bert' }), chat('m4'))
    expect(titles(worker)).toEqual(['Neutral', 'm1', 'm2', 'm4'])
    await push(worker, chat('m5', { recipient: 'anna' }))
    await expect.poll(() => titles(worker)).toEqual(['3 in chat.1', 'Neutral', 'm4'])
  })

  test('are told to pages one by one, and the click on what stands for them is its own', async () => {
    await using worker = await load(engine)
    const heard = listen()
    await push(worker, chat('m1'), chat('m2'), chat('m3'))
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
    await using worker = await load(engine, { '*': { apart: 1, summary } })
    await push(worker, chat('m1'), chat('m2'))
    expect(titles(worker)).toEqual(['m1', 'm2'])
  })

  test('stay apart when what describes all of them has no title', async () => {
    await using worker = await load(engine, { '*': { apart: 1, summary: () => ({ title: '' }) } })
    await push(worker, chat('m1'), chat('m2'), chat('m3'))
    expect(titles(worker)).toEqual(['m1', 'm2', 'm3'])
    expect((await readRecord())?.pushFailures).toMatchObject([
      { stage: 'arrange', code: 'failed', id: 'm2' },
      { stage: 'arrange', code: 'failed', id: 'm3' },
    ])
  })

  test('stay when there was no time to arrange the last one, which is shown apart', async () => {
    using clock = stopClock()
    await using worker = await load(engine, rules, { deadlineMs: 140 })
    await push(worker, chat('m1'), chat('m2'))
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
    const pushing = push(worker, chat('m3'))
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
    await using worker = await load(engine)
    Object.assign(worker.scope.registration, {
      getNotifications: () => new Promise(() => undefined),
    })
    await push(worker, chat('m1'))
    expect(titles(worker)).toEqual(['m1'])
  })

  test('of which the last counts are one notification, without a sound after the first', async () => {
    await using worker = await load(engine)
    await push(worker, upload('m1', 10), upload('m2', 20))
    await worker.restart()
    await push(worker, upload('m3', 30))
    await expect.poll(() => titles(worker)).toEqual(['30 %'])
    expect(worker.history.map(({ silent }) => silent === true)).toEqual([false, true, true])
  })

  test('of which the last counts are never replaced by an earlier one', async () => {
    await using worker = await load(engine)
    await push(worker, upload('m1', 10), upload('m3', 30), upload('m2', 20))
    expect(worker.notifications).toMatchObject([{ title: '30 %', silent: true, tag: 'upload' }])
    await push(worker, upload('m2', 20), upload('m3', 30))
    await expect.poll(() => titles(worker)).toEqual(['30 %'])
    await worker.click(present(worker.notifications[0]))
    await push(worker, upload('m4', 40))
    await expect.poll(() => titles(worker)).toEqual(['40 %'])
  })
})

describe.each(engines)('in %s, a message of a group that is delivered again', (engine) => {
  test('is not counted again once it was dismissed, and stands there alone where it must', async () => {
    await using worker = await load(engine)
    await push(worker, chat('m1'), chat('m2'))
    await worker.close(present(worker.notifications.find(({ title }) => title === 'm1')))
    await push(worker, chat('m3'), chat('m1'))
    const isShown = engine === 'webkit'
    expect(titles(worker)).toEqual(isShown ? ['m1', 'm2', 'm3'] : ['m2', 'm3'])
    await push(worker, chat('m4'))
    await expect.poll(() => titles(worker)).toEqual([isShown ? '4 in chat.1' : '3 in chat.1'])
  })

  test('leaves what stands for all of them there once', async () => {
    await using worker = await load(engine, {
      '*': { ...(rules['chat.*'] as object), apart: 0 } as never,
    })
    await push(worker, chat('m1'), chat('m2'))
    await worker.restart()
    await push(worker, chat('m1'))
    await expect.poll(() => titles(worker)).toEqual(['2 in chat.1'])
    for (const shown of worker.notifications) await worker.close(shown)
    await push(worker, chat('m2'), chat('m3'))
    await expect.poll(() => titles(worker)).toEqual(['2 in chat.1'])
  })

  test('as an earlier state leaves the last one alone', async () => {
    await using worker = await load(engine)
    await push(worker, upload('m1', 10))
    await worker.close(present(worker.notifications[0]))
    await push(worker, upload('m2', 20))
    await push(worker, upload('m1', 10))
    await expect.poll(() => titles(worker)).toEqual(['20 %'])
  })
})

test('the messages of a group without an id stay apart', async () => {
  await using worker = await load('chromium', {
    '*': { apart: 1, summary: () => ({ title: 'All' }) },
  })
  const without = (title: string) => ({
    pushwell: { v: 1, group: 'chat.1' },
    notification: { title, tag: title },
  })
  await push(worker, { notification: { title: 'News', tag: 'news' } }, without('a'), without('b'))
  await push(worker, chat('m1'))
  expect(titles(worker)).toEqual(['News', 'a', 'b', 'm1'])
})

test('one whose push goes on keeps no other on the screen in WebKit', async () => {
  using clock = stopClock()
  const { promise: going, resolve: end } = Promise.withResolvers<void>()
  const shown: WorkerPart['shown'] = ({ message }) => (message.id === 'm1' ? going : undefined)
  const parts = [{ name: 'slow', shown }]
  await using worker = await load('webkit', rules, { parts, deadlineMs: 300 })
  const first = push(worker, chat('m1'))
  await clock.see(() => titles(worker)).toEqual(['m1'])
  await push(worker, chat('m2'))
  const { registration } = worker.scope
  const list = registration.getNotifications.bind(registration)
  let lists = 0
  registration.getNotifications = async () => {
    const listed = await list()
    lists += 1
    return listed
  }
  const third = push(worker, chat('m3'))
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

describe.each(engines)('in %s, what was read elsewhere', (engine) => {
  test('is taken out of the count when it is the last, and of progress by its id', async () => {
    await using worker = await load(engine)
    await push(
      worker,
      chat('m1'),
      chat('m2'),
      chat('m3'),
      ours('chat', { title: 'Up' }, { id: 'u1', group: 'upload.1' }),
    )
    await push(worker, ours('chat', {}, { id: 'm4', close: ['m3', 'u1'] }))
    await expect.poll(() => titles(worker)).toEqual(['2 in chat.1', 'm4'])
  })

  test('is not told to whoever signs in while the rest is looked for', async () => {
    await using worker = await load(engine)
    await keepRecord({ recipient: 'anna' })
    for (const id of ['m1', 'm2', 'm3']) await push(worker, chat(id, { recipient: 'anna' }))
    const { registration } = worker.scope
    const getNotifications = registration.getNotifications.bind(registration)
    let isShown = false
    const showNotification = registration.showNotification.bind(registration)
    Object.assign(registration, {
      async showNotification(...given: Parameters<typeof showNotification>) {
        await showNotification(...given)
        isShown = true
      },
      async getNotifications() {
        const listed = await getNotifications()
        if (!isShown) return listed
        await keepRecord({ recipient: null })
        for (const one of listed) if (one.title !== 'm4') one.close()
        return listed
      },
    })
    await push(worker, ours('chat', {}, { id: 'm4', recipient: 'anna', close: ['m1'] }))
    expect(titles(worker).filter((title) => title.includes('chat.1'))).toEqual([])
  })

  test('is taken off the screen by the tags that a message names, after it is shown', async () => {
    await using worker = await load(engine)
    await push(worker, ours('chat', { tag: 'one' }, { id: 'm1' }), ours('chat', {}, { id: 'm2' }))
    await push(worker, ours('chat', {}, { id: 'm3' }))
    await push(
      worker,
      ours('chat', { tag: 'two' }, { id: 'm4', close: ['one', 'm3', 'two', 'gone'] }),
    )
    expect(titles(worker)).toEqual(['m2', 'm4'])
  })

  test('is taken off only when it is ours and for whoever is here', async () => {
    await using worker = await load(engine)
    await keepRecord({ recipient: 'anna' })
    await worker.scope.registration.showNotification('Foreign', { tag: 'one' })
    await push(worker, ours('chat', {}, { id: 'm2', recipient: 'anna' }))
    await push(worker, ours('chat', {}, { id: 'm3', recipient: 'bert', close: ['m2'] }))
    await push(worker, ours('chat', {}, { id: 'm4', close: ['one', 'm2'] }))
    expect(titles(worker)).toEqual(['Foreign', 'Neutral', 'm2', 'm4'])
  })

  test('is taken out of the count, whichever group the message is of', async () => {
    await using worker = await load(engine)
    await push(worker, chat('m1'), chat('m2'), chat('m3'), chat('m4', { close: ['m1'] }))
    await expect.poll(() => titles(worker)).toEqual(['3 in chat.1'])
    await push(worker, ours('chat', {}, { id: 'm5', close: ['m2'] }))
    await expect.poll(() => titles(worker)).toEqual(['2 in chat.1', 'm5'])
    expect(worker.notifications.find(({ title }) => title !== 'm5')).toMatchObject({
      body: 'm3,m4',
      silent: true,
    })
    await push(worker, ours('chat', {}, { id: 'm6', close: ['m3', 'm4'] }))
    expect(titles(worker)).toEqual(['m5', 'm6'])
    await push(worker, chat('m7'))
    expect(titles(worker)).toEqual(['m5', 'm6', 'm7'])
  })
})

test('a duplicate that comes while others of its group are shown costs nothing in WebKit', async () => {
  await using worker = await load('webkit')
  await push(worker, chat('m1'), chat('m2'))
  await Promise.all([push(worker, chat('m3')), push(worker, chat('m4')), push(worker, chat('m3'))])
  await push(worker, chat('m5'))
  await expect.poll(() => titles(worker)).toEqual(['5 in chat.1'])
})

test.each([
  ['chat', 'own'],
  ['chat.one', 'longer'],
  ['chat.two', 'short'],
  ['news', 'all'],
])('the group %s has the rule that is the closest: %s', async (group, title) => {
  const rule = (name: string) => ({ apart: 0, summary: () => ({ title: name }) })
  await using worker = await load('chromium', {
    '*': rule('all'),
    chat: rule('own'),
    'chat*': rule('short'),
    'chat.o*': rule('longer'),
  })
  await push(worker, ours('chat', {}, { id: 'm1', group }))
  expect(titles(worker)).toEqual([title])
})
