import type { MessagePort } from 'node:worker_threads'
import { describe, expect, test } from 'vitest'
import type {
  WorkerEngine,
  WorkerWindow,
  WorkerWindowOptions,
} from '../../src/testing/worker/index.ts'
import { createPushWorker, foreground, type PushFailure, type WorkerPart } from '../../sw/index.ts'
import { keepRecord, listen, loadPushWorker, ours, readRecord } from './load-push-worker.ts'

const focused = { url: '/chat', focused: true }

interface Question {
  readonly kind: string
  readonly mode: string
  readonly message: object
}

function load(
  mode: 'ask' | 'page' = 'ask',
  engine: WorkerEngine = 'chromium',
  parts: readonly WorkerPart[] = [],
) {
  return loadPushWorker(
    (scope) =>
      createPushWorker({ parts: [foreground(mode), ...parts] }, scope).on('chat', {
        notification: () => ({ title: 'Shown' }),
      }),
    { engine },
  )
}

type Worker = Awaited<ReturnType<typeof load>>

/** Where the worker waits for the last answer of a window. */
const ports = new WeakMap<WorkerWindow, MessagePort>()

function open(worker: Worker, options: WorkerWindowOptions = focused): WorkerWindow {
  const window = worker.openWindow({
    ...options,
    onMessage: (_data, [port]) => port && ports.set(window, port),
  })
  return window
}

const questions = (window: WorkerWindow) => window.messages as readonly Question[]

/** Pushes, and answers the worker's question in a window. */
async function pushAndAnswer(
  worker: Worker,
  window: WorkerWindow,
  answer: unknown,
  payload: object = ours('chat', { text: 'hi' }),
) {
  const before = window.messages.length
  const pushing = worker.push(payload)
  await expect.poll(() => window.messages.length).toBe(before + 1)
  ports.get(window)?.postMessage(answer)
  return pushing
}

const chat = (id: string, more?: object) => ours('chat', undefined, { id, ...more })

describe.each(['chromium', 'firefox'] as const)('in %s, the page with the focus', (engine) => {
  test.each(['ask', 'page'] as const)(
    'is told of a message (%s), and may take it',
    async (mode) => {
      await using worker = await load(mode, engine)
      worker.openWindow({ url: '/other' })
      const window = open(worker)
      const result = await pushAndAnswer(worker, window, true)
      expect(result).toMatchObject({ shown: [] })
      expect(result).not.toHaveProperty('failed')
      expect(questions(window)).toMatchObject([
        { kind: 'ask', mode, message: { id: 'm1', type: 'chat', data: { text: 'hi' } } },
      ])
      expect(worker.windows.map(({ messages }) => messages.length)).toEqual([1, 0])
    },
  )

  test.each([false, 'yes', null])('leaves it to be shown by answering %s', async (answer) => {
    await using worker = await load('ask', engine)
    const { shown } = await pushAndAnswer(worker, open(worker), answer)
    expect(shown).toMatchObject([{ title: 'Shown' }])
  })

  test('leaves it to be shown when it says nothing within half a second, which is noted', async () => {
    await using worker = await load('ask', engine)
    open(worker)
    const { shown } = await worker.push(chat('m1'))
    expect(shown).toMatchObject([{ title: 'Shown' }])
    expect((await readRecord())?.pushFailures).toMatchObject([
      { stage: 'foreground', code: 'timeout' },
    ])
  })

  test('is not asked when it only is visible, is elsewhere, or the message has no type', async () => {
    await using worker = await load('ask', engine)
    const windows = [
      worker.openWindow({ url: '/chat', visibilityState: 'visible' }),
      worker.openWindow({ url: 'https://elsewhere.example/', focused: true }),
    ]
    expect((await worker.push(chat('m1'))).shown).toHaveLength(1)
    windows.push(open(worker))
    expect((await worker.push({ notification: { title: 'Plain' } })).shown).toHaveLength(1)
    expect(windows.flatMap(({ messages }) => messages)).toEqual([])
  })

  test('is not asked about a message for somebody who is not signed in', async () => {
    await using worker = await load('ask', engine)
    const window = open(worker)
    await keepRecord({ recipient: 'bert' })
    expect((await worker.push(chat('m1', { recipient: 'anna' }))).shown).toMatchObject([
      { title: 'app.example' },
    ])
    expect(window.messages).toEqual([])
    const { shown } = await pushAndAnswer(worker, window, true, chat('m2', { recipient: 'bert' }))
    expect(shown).toEqual([])
  })

  test.each([
    ['in the same run', () => Promise.resolve()],
    ['after the worker was ended', (worker: Worker) => worker.restart()],
  ])('takes a message once that comes again %s', async (_, between) => {
    await using worker = await load('ask', engine)
    const window = open(worker)
    await pushAndAnswer(worker, window, true, chat('m1'))
    await between(worker)
    expect((await worker.push(chat('m1'))).shown).toEqual([])
    expect(window.messages).toHaveLength(1)
  })

  test('has taken a message for good: one that comes again later is shown without a sound', async () => {
    await using worker = await load('ask', engine)
    const window = open(worker)
    await pushAndAnswer(worker, window, true, chat('m1'))
    worker.closeWindow(window)
    expect(await worker.push(chat('m1'))).toMatchObject({
      penalty: 'none',
      shown: [{ title: 'Shown', silent: true }],
    })
  })

  test('hears with all others that the message was taken, and parts do', async () => {
    const told: unknown[] = []
    const part: WorkerPart = { name: 'told', shown: ({ taken }) => told.push(taken) }
    await using worker = await load('ask', engine, [part])
    let hear = () => undefined as void
    const heardOne = new Promise<void>((resolve) => {
      hear = resolve
    })
    const heard = listen(() => hear())
    await pushAndAnswer(worker, open(worker), true)
    await heardOne
    expect(heard).toMatchObject([{ kind: 'message', message: { id: 'm1', taken: true } }])
    expect(told).toEqual([true])
  })

  test('cannot be told of data that cannot be cloned: the message is shown', async () => {
    const failures: PushFailure[] = []
    const validate = () => ({ value: () => 1 })
    await using worker = await loadPushWorker(
      (scope) =>
        createPushWorker(
          {
            messages: { chat: { '~standard': { version: 1, vendor: 'test', validate } } },
            parts: [foreground('page'), { name: 'told', failed: (one) => failures.push(one) }],
          },
          scope,
        ),
      { engine },
    )
    open(worker)
    expect((await worker.push(chat('m1'))).shown).toHaveLength(1)
    expect(failures[0]).toMatchObject({ stage: 'foreground', code: 'failed' })
  })
})

test('in Chromium no message that a visible page takes costs anything', async () => {
  await using worker = await load('ask', 'chromium')
  const window = open(worker)
  for (let index = 0; index < 20; index++) {
    const result = await pushAndAnswer(worker, window, true, chat(`m${index}`))
    expect(result).toMatchObject({ shown: [], penalty: 'none' })
  }
})

test('in Firefox, which counts them, a page takes eight in ten seconds, and the rest is shown', async () => {
  await using worker = await load('ask', 'firefox')
  const window = open(worker)
  for (let index = 0; index < 8; index++) {
    const result = await pushAndAnswer(worker, window, true, chat(`m${index}`))
    expect(result).toMatchObject({ shown: [], penalty: 'counted' })
  }
  for (let index = 8; index < 20; index++) {
    expect((await worker.push(chat(`m${index}`))).shown).toHaveLength(1)
  }
  expect(worker.subscription).not.toBeNull()
})

test('in Firefox no more are taken when many come at once', async () => {
  await using worker = await load('ask', 'firefox')
  const window = worker.openWindow(focused)
  const pushing = Array.from({ length: 20 }, (_, index) => worker.push(chat(`m${index}`)))
  await expect.poll(() => worker.notifications.length).toBe(12)
  expect(window.messages).toHaveLength(8)
  await Promise.all(pushing)
  expect(worker.notifications).toHaveLength(20)
})

test('in WebKit no page is asked, and everything is shown', async () => {
  await using worker = await load('page', 'webkit')
  const window = open(worker)
  expect(await worker.push(chat('m1'))).toMatchObject({ penalty: 'none', silent: false })
  expect(window.messages).toEqual([])
})

test.each([undefined, 'show', 'silent'])('there is no mode %s', (mode) => {
  expect(() => foreground(mode as never)).toThrow(
    expect.objectContaining({ name: 'TypeError', message: expect.stringContaining('mode') }),
  )
})
