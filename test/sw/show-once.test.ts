import { describe, expect, test, vi } from 'vitest'
import { createDatabaseConnection } from '../../src/shared/database-connection.ts'
import type { LoadWorkerOptions, WorkerEngine } from '../../src/testing/worker/index.ts'
import {
  createPushWorker,
  type NotificationDescriptor,
  type PushWorkerOptions,
  type WorkerPart,
} from '../../sw/index.ts'
import {
  blockDatabase,
  breakDatabase,
  holdDatabase,
  keepRecord,
  listen,
  loadPushWorker,
  ours,
  present,
  pushOne,
} from './load-push-worker.ts'
import { stopClock } from './stopped-clock.ts'

const engines = ['chromium', 'firefox', 'webkit'] as const
const neutral = { title: 'Neutral' }

function load(
  engine: WorkerEngine,
  more: Partial<NotificationDescriptor> = {},
  { around, options }: { around?: LoadWorkerOptions; options?: PushWorkerOptions } = {},
) {
  return loadPushWorker(
    (scope) =>
      createPushWorker({ neutral, ...options }, scope).on('chat', {
        notification: ({ id }) => ({ title: String(id), ...more }),
      }),
    { engine, ...around },
  )
}

type Worker = Awaited<ReturnType<typeof load>>

const chat = (id: string, more?: object) => ours('chat', undefined, { id, ...more })
const titles = (worker: Worker) => worker.notifications.map(({ title }) => title).toSorted()

/** Pushes what must cost nothing, whatever else it does. */
async function push(worker: Worker, payload: object) {
  const result = await worker.push(payload)
  expect(result).toMatchObject({ penalty: 'none' })
  expect(result).not.toHaveProperty('failed')
  return result.shown
}

/** Ends the worker, which forgets all but what it has stored. */
const restarted = (worker: Worker) => worker.restart()
const running = () => Promise.resolve()

describe.each(engines)('in %s, a message that arrives again', (engine) => {
  describe.each([
    ['in the same run of the worker', running],
    ['after the worker was ended', restarted],
  ])('%s', (_, between) => {
    test.each([
      ['its own', {}],
      ['the app’s', { tag: 'chat' }],
    ])('is on the screen once while it is there, with %s tag', async (__, more) => {
      await using worker = await load(engine, { renotify: true, ...more })
      await push(worker, chat('m1'))
      await between(worker)
      const again = await push(worker, chat('m1'))
      expect(titles(worker)).toEqual(['m1'])
      expect(again.map(({ silent }) => silent)).toEqual(engine === 'webkit' ? [true] : [])
    })

    test('is shown again without a sound when it was dismissed and nothing else is there', async () => {
      await using worker = await load(engine, { vibrate: [100], renotify: true })
      await worker.close(await pushOne(worker, chat('m1')))
      await between(worker)
      const [again] = await push(worker, chat('m1'))
      expect(again).toMatchObject({ title: 'm1', silent: true })
      expect(again?.renotify).not.toBe(true)
      expect(titles(worker)).toEqual(['m1'])
    })

    test('never takes the place of a later one that has its tag', async () => {
      await using worker = await load(engine, { tag: 'chat' })
      await push(worker, chat('m1'))
      await push(worker, chat('m2'))
      await between(worker)
      await push(worker, chat('m1'))
      expect(titles(worker)).toEqual(engine === 'webkit' ? ['m1', 'm2'] : ['m2'])
    })
  })

  test('at the same moment is shown once', async () => {
    await using worker = await load(engine)
    const sound = async () => (await push(worker, chat('m1'))).filter(({ silent }) => !silent)
    const shown = await Promise.all([sound(), sound(), sound()])
    expect(shown.flat()).toHaveLength(1)
    expect(titles(worker)).toEqual(['m1'])
  })

  test('is told to pages once', async () => {
    await using worker = await load(engine)
    let hear = () => undefined as void
    const twice = new Promise<void>((resolve) => (hear = resolve))
    const heard = listen(() => heard.length === 2 && hear())
    await push(worker, chat('m1'))
    await push(worker, chat('m1'))
    await push(worker, chat('m2'))
    await twice
    expect(heard).toMatchObject([{ message: { id: 'm1' } }, { message: { id: 'm2' } }])
  })

  test('for another recipient is another message', async () => {
    await using worker = await load(engine)
    await keepRecord({ recipient: 'anna' })
    await push(worker, chat('m1', { recipient: 'anna' }))
    await push(worker, chat('m1', { recipient: 'bert' }))
    expect(titles(worker)).toEqual(['Neutral', 'm1'])
  })

  test('and is for somebody else is neutral once, and each of several is', async () => {
    await using worker = await load(engine)
    for (const id of ['m1', 'm2', 'm1', 'm2']) {
      await push(worker, chat(id, { recipient: 'bert' }))
    }
    expect(titles(worker)).toEqual(['Neutral', 'Neutral'])
    expect(JSON.stringify(worker.notifications)).not.toMatch(/m1|bert/)
  })

  test('while the database fails is known for as long as the worker runs', async () => {
    await using worker = await load(engine)
    breakDatabase()
    await push(worker, chat('m1'))
    await push(worker, chat('m1'))
    expect(titles(worker)).toEqual(['m1'])
    // After that, its tag has it replaced.
    await worker.restart()
    breakDatabase()
    await push(worker, chat('m1'))
    expect(titles(worker)).toEqual(['m1'])
  })

  test('after a worker was ended before it could show it is shown', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    try {
      await using worker = await load(engine, {}, { around: { eventTimeoutMs: 300 } })
      await push(worker, chat('m0'))
      const never = () => new Promise<void>(() => undefined)
      const { registration } = worker.scope
      Object.assign(registration, { showNotification: never })
      const pushing = worker.push(chat('m1'))
      await expect.poll(claimed).toEqual(['m1'])
      await worker.restart()
      await pushing
      vi.setSystemTime(Date.now() + 60_000)
      expect(await push(worker, chat('m1'))).toMatchObject([{ title: 'm1', ended: undefined }])
      expect(worker.notifications.at(-1)?.silent).not.toBe(true)
      expect(titles(worker)).toEqual(['m0', 'm1'])
    } finally {
      vi.useRealTimers()
    }
  })
})

/** What is stored of messages. */
const stored = () =>
  createDatabaseConnection().use((open) => open.transaction('messages').store.getAll())

/** The ids of messages that were begun and not shown. */
async function claimed(): Promise<unknown[]> {
  const all = await stored()
  return all.filter(({ shown }) => !shown).map(({ key }) => (JSON.parse(key) as unknown[])[1])
}

test('a message is shown while the database never answers, and no second time', async () => {
  await using worker = await load('chromium', {}, { around: { eventTimeoutMs: 500 } })
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

test('two workers that begin at the same moment leave one on the screen, with one sound', async () => {
  await using worker = await load('firefox')
  // A second one of the same registration, as while one takes over from another.
  const second = new EventTarget()
  const scope = {
    registration: worker.scope.registration,
    clients: worker.scope.clients,
    navigator: worker.scope.navigator,
    addEventListener: second.addEventListener.bind(second),
  }
  createPushWorker({}, scope as typeof worker.scope).on('chat', {
    notification: ({ id }) => ({ title: String(id) }),
  })
  const bytes = new TextEncoder().encode(JSON.stringify(chat('m1')))
  const event = (done: (promise: Promise<unknown>) => void) =>
    Object.assign(new Event('push'), { data: { arrayBuffer: () => bytes }, waitUntil: done })
  await Promise.all([
    worker.push(chat('m1')),
    new Promise((resolve) => second.dispatchEvent(event(resolve))).then((done) => done),
  ])
  expect(titles(worker)).toEqual(['m1'])
  expect(worker.history.filter(({ silent }) => !silent)).toHaveLength(1)
})

test('where tags do not replace, the earlier copy is taken away', async () => {
  await using worker = await load('webkit')
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
    await using worker = await load('webkit', {}, { options: { deadlineMs: 20, parts: [slow] } })
    const all = Promise.all([
      push(worker, chat('m1')),
      push(worker, chat('m1')),
      push(worker, chat('m1')),
    ])
    await expect.poll(() => titles(worker)).toEqual(['m1', 'm1'])
    end()
    await all
    await expect.poll(() => titles(worker)).toEqual(['m1'])
  })

  test('takes the place of the neutral notification that it had before its user was known', async () => {
    await using worker = await load('webkit')
    await push(worker, chat('m1', { recipient: 'anna' }))
    expect(titles(worker)).toEqual(['Neutral'])
    await keepRecord({ recipient: 'anna' })
    await push(worker, chat('m1', { recipient: 'anna' }))
    expect(titles(worker)).toEqual(['m1'])
  })

  test('has no sound either when the browser refuses an option, and is there once', async () => {
    await using worker = await load('webkit', { body: 'Body' })
    const { registration } = worker.scope
    const showNotification = registration.showNotification.bind(registration)
    const picky: typeof showNotification = (title, details) =>
      details?.body === undefined
        ? showNotification(title, details)
        : Promise.reject(new TypeError('refused'))
    Object.assign(registration, { showNotification: picky })
    await push(worker, chat('m1'))
    await push(worker, chat('m1'))
    expect(worker.notifications).toMatchObject([{ title: 'm1', silent: true }])
  })
})
