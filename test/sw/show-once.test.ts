import { describe, expect, test, vi } from 'vitest'
import { createPushWorker } from '../../sw/index.ts'
import {
  breakDatabase,
  keepRecord,
  listen,
  pushFreely,
  pushOne,
  titles,
} from './load-push-worker.ts'
import { chat, loadRepeatWorker, stored, type Worker } from './repeat-worker.ts'

const engines = ['chromium', 'firefox', 'webkit'] as const

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
      await using worker = await loadRepeatWorker(engine, { renotify: true, ...more })
      await pushFreely(worker, chat('m1'))
      await between(worker)
      const again = await pushFreely(worker, chat('m1'))
      expect(titles(worker)).toEqual(['m1'])
      expect(again.map(({ silent }) => silent)).toEqual(engine === 'webkit' ? [true] : [])
    })

    test('is shown again without a sound when it was dismissed and nothing else is there', async () => {
      await using worker = await loadRepeatWorker(engine, { vibrate: [100], renotify: true })
      await worker.close(await pushOne(worker, chat('m1')))
      await between(worker)
      const [again] = await pushFreely(worker, chat('m1'))
      expect(again).toMatchObject({ title: 'm1', silent: true })
      expect(again?.renotify).not.toBe(true)
      expect(titles(worker)).toEqual(['m1'])
    })

    test('never takes the place of a later one that has its tag', async () => {
      await using worker = await loadRepeatWorker(engine, { tag: 'chat' })
      await pushFreely(worker, chat('m1'))
      await pushFreely(worker, chat('m2'))
      await between(worker)
      await pushFreely(worker, chat('m1'))
      expect(titles(worker)).toEqual(engine === 'webkit' ? ['m1', 'm2'] : ['m2'])
    })
  })

  test('at the same moment is shown once', async () => {
    await using worker = await loadRepeatWorker(engine)
    const sound = async () => (await pushFreely(worker, chat('m1'))).filter(({ silent }) => !silent)
    const shown = await Promise.all([sound(), sound(), sound()])
    expect(shown.flat()).toHaveLength(1)
    expect(titles(worker)).toEqual(['m1'])
  })

  test('is told to pages once', async () => {
    await using worker = await loadRepeatWorker(engine)
    let hear = () => undefined as void
    const twice = new Promise<void>((resolve) => (hear = resolve))
    const heard = listen(() => heard.length === 2 && hear())
    await pushFreely(worker, chat('m1'))
    await pushFreely(worker, chat('m1'))
    await pushFreely(worker, chat('m2'))
    await twice
    expect(heard).toMatchObject([{ message: { id: 'm1' } }, { message: { id: 'm2' } }])
  })

  test('for another recipient is another message', async () => {
    await using worker = await loadRepeatWorker(engine)
    await keepRecord({ recipient: 'anna' })
    await pushFreely(worker, chat('m1', { recipient: 'anna' }))
    await pushFreely(worker, chat('m1', { recipient: 'bert' }))
    expect(titles(worker)).toEqual(['Neutral', 'm1'])
  })

  test('and is for somebody else is neutral once, and each of several is', async () => {
    await using worker = await loadRepeatWorker(engine)
    for (const id of ['m1', 'm2', 'm1', 'm2']) {
      await pushFreely(worker, chat(id, { recipient: 'bert' }))
    }
    expect(titles(worker)).toEqual(['Neutral', 'Neutral'])
    expect(JSON.stringify(worker.notifications)).not.toMatch(/m1|bert/)
  })

  test('while the database fails is known for as long as the worker runs', async () => {
    await using worker = await loadRepeatWorker(engine)
    breakDatabase()
    await pushFreely(worker, chat('m1'))
    await pushFreely(worker, chat('m1'))
    expect(titles(worker)).toEqual(['m1'])
    // After that, its tag has it replaced.
    await worker.restart()
    breakDatabase()
    await pushFreely(worker, chat('m1'))
    expect(titles(worker)).toEqual(['m1'])
  })

  test('after a worker was ended before it could show it is shown', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    try {
      await using worker = await loadRepeatWorker(engine, {}, { around: { eventTimeoutMs: 300 } })
      await pushFreely(worker, chat('m0'))
      const never = () => new Promise<void>(() => undefined)
      const { registration } = worker.scope
      Object.assign(registration, { showNotification: never })
      const pushing = worker.push(chat('m1'))
      await expect.poll(claimed).toEqual(['m1'])
      await worker.restart()
      await pushing
      vi.setSystemTime(Date.now() + 60_000)
      expect(await pushFreely(worker, chat('m1'))).toMatchObject([
        { title: 'm1', ended: undefined },
      ])
      expect(worker.notifications.at(-1)?.silent).not.toBe(true)
      expect(titles(worker)).toEqual(['m0', 'm1'])
    } finally {
      vi.useRealTimers()
    }
  })
})

/** The ids of messages that were begun and not shown. */
async function claimed(): Promise<unknown[]> {
  const all = await stored()
  return all.filter(({ shown }) => !shown).map(({ key }) => (JSON.parse(key) as unknown[])[1])
}

test('two workers that begin at the same moment leave one on the screen, with one sound', async () => {
  await using worker = await loadRepeatWorker('firefox')
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
