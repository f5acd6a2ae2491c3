import { afterEach, describe, expect, test, vi } from 'vitest'
import { createDatabaseConnection } from '../../src/shared/database-connection.ts'
import type { ReceiptState } from '../../src/shared/registration-record.ts'
import type { ShownNotification, WorkerEngine } from '../../src/testing/worker/index.ts'
import {
  createPushWorker,
  groups,
  receipts,
  type ReceiptsOptions,
  type WorkerPart,
} from '../../sw/index.ts'
import type { ChosenNotification } from '../../sw/chosen-notification.ts'
import type { WorkerContext } from '../../sw/worker-context.ts'
import {
  breakDatabase,
  keepRecord,
  loadPushWorker,
  ours,
  present,
  readRecord,
} from './load-push-worker.ts'
import { stopClock } from './stopped-clock.ts'

const engines = ['chromium', 'firefox', 'webkit'] as const
const allowed: ReceiptState = { allowedBy: null }
const syncUrl = 'https://app.example/push'

interface Sent {
  readonly url: string
  readonly token: string | null
  readonly receipts: readonly { readonly id: string; readonly event: string; readonly at: number }[]
  /** How many notifications were on the screen. */
  readonly shown: number
}

async function load(
  options: ReceiptsOptions = {},
  engine: WorkerEngine = 'chromium',
  ...more: readonly WorkerPart[]
) {
  const backend = {
    answer: (): Response | Promise<Response> => new Response(null, { status: 204 }),
    sent: [] as Sent[],
  }
  const fetch = async (request: Request) => {
    const { receipts: list } = (await request.json()) as Pick<Sent, 'receipts'>
    const token = request.headers.get('authorization')
    backend.sent.push({
      url: request.url,
      token,
      receipts: list,
      shown: loaded.notifications.length,
    })
    return backend.answer()
  }
  const loaded = await loadPushWorker(
    (scope) => {
      const summary = ({ count }: { count: number }) => ({ title: `${count} messages` })
      const parts = [
        groups({ '*': { apart: 1, summary } }),
        receipts({ jitterMs: 0, ...options }),
        ...more,
      ]
      createPushWorker(
        { parts, neutral: { title: 'Neutral' }, headers: () => ({ authorization: 'Bearer t' }) },
        scope,
      ).on('chat', {
        notification: ({ id, data }) => ({
          title: String(id),
          actions: [{ action: 'track', title: 'Track' }],
          ...(data as object),
        }),
      })
    },
    { engine, fetch },
  )
  /**
   * Waits until what is due has been sent: no event is held for that. The worker has set its timer
   * by the end of the event, so that one of the same length is due after it; and then it has its
   * turn with the lock.
   */
  const settled = async <Result>(acting: Promise<Result>) => {
    const result = await acting
    await new Promise((resolve) => setTimeout(resolve, 0))
    const { locks } = (loaded.scope as unknown as { navigator: { locks: LockManager } }).navigator
    await locks.request('pushwell-receipts https://app.example/', () => undefined)
    return result
  }
  const worker: typeof loaded = Object.create(loaded, {
    push: { value: (payload?: unknown) => settled(loaded.push(payload)) },
    click: {
      value: (...given: Parameters<typeof loaded.click>) => settled(loaded.click(...given)),
    },
    sync: { value: (tag: string) => settled(loaded.sync(tag)) },
    close: { value: (shown: ShownNotification) => settled(loaded.close(shown)) },
  })
  const events = () =>
    backend.sent.flatMap((one) => one.receipts.map(({ id, event }) => `${id} ${event}`))
  return {
    worker,
    loaded,
    backend,
    events,
    [Symbol.asyncDispose]: () => loaded[Symbol.asyncDispose](),
  }
}

const chat = (id: string, more?: object, data?: object) => ours('chat', data, { id, ...more })
const waiting = async () => {
  const all = await createDatabaseConnection().use((open) =>
    open.transaction('receipts').store.getAll(),
  )
  return all.map(({ id, event }) => `${id} ${event}`)
}

afterEach(() => {
  vi.useRealTimers()
})

describe.each(engines)('in %s, receipts', (engine) => {
  test('tell what became of a message, after it, in the order in which it did', async () => {
    await using given = await load({}, engine)
    const { worker, backend, events } = given
    await keepRecord({ syncUrl, receipts: allowed })
    for (const id of ['m1', 'm1', 'm2', 'm3']) await worker.push(chat(id))
    const named = (title: string) =>
      present(worker.notifications.find((one) => one.title === title))
    // WebKit shows no buttons.
    const action = engine === 'webkit' ? undefined : 'track'
    await worker.click(named('m1'), action)
    await worker.close(named('m2'))
    await worker.click(named('m3'))
    // A machine that is busy with other things may be too slow for a part.
    expect(events().filter((event) => !event.endsWith('failed'))).toEqual([
      'm1 received',
      'm1 shown',
      'm2 received',
      'm2 shown',
      'm3 received',
      'm3 shown',
      'm1 clicked',
      'm2 closed',
      'm3 clicked',
    ])
    const [first] = backend.sent
    expect(first).toMatchObject({
      url: 'https://app.example/push/receipts',
      token: 'Bearer t',
      shown: 1,
    })
    expect(backend.sent.find(({ receipts: [one] }) => one?.event === 'clicked')?.receipts).toEqual([
      { id: 'm1', event: 'clicked', action, at: expect.any(Number) },
    ])
    expect(JSON.stringify(backend.sent)).not.toContain(present(worker.subscription).endpoint)
    expect(await waiting()).toEqual([])
  })

  test('take nothing for dismissed that the worker has put another in the place of', async () => {
    await using given = await load({}, engine)
    const { worker, events } = given
    await keepRecord({ syncUrl, receipts: allowed })
    await worker.push(chat('m1', { group: 'a' }))
    await worker.push(chat('m2', { group: 'a' }))
    await worker.push(chat('m3', { group: 'a' }))
    await worker.push(chat('m4', {}, { tag: 'same' }))
    await worker.push(chat('m5', {}, { tag: 'same' }))
    await worker.push(chat('m6', { close: ['same'] }))
    expect(worker.notifications.map(({ title }) => title).toSorted()).toEqual(['3 messages', 'm6'])
    expect(events().filter((event) => event.endsWith('closed'))).toEqual([])
    await worker.close(present(worker.notifications.find(({ title }) => title !== 'm6')))
    expect(events().at(-1)).toBe('m3 closed')
  })
})

describe('without consent', () => {
  test.each([
    ['nobody has said', {}],
    ['it was taken back', { receipts: {} }],
    ['somebody else has given it', { recipient: 'bert', receipts: { allowedBy: 'anna' } }],
    ['the one who gave it has signed out', { recipient: null, receipts: { allowedBy: 'anna' } }],
  ])('nothing is kept and nothing sent: %s', async (_, record) => {
    await using given = await load()
    const { worker, backend } = given
    await keepRecord({ syncUrl, ...record })
    await worker.push(chat('m1'))
    await worker.click(present(worker.notifications[0]))
    expect(backend.sent).toEqual([])
    expect(await waiting()).toEqual([])
  })

  test('what was kept before goes', async () => {
    await using given = await load()
    const { worker, backend } = given
    await keepRecord({ receipts: allowed })
    await worker.push(chat('m1'))
    expect(await waiting()).toEqual(['m1 received', 'm1 shown'])
    await keepRecord({ syncUrl, receipts: {} })
    await worker.push(chat('m2'))
    expect(backend.sent).toEqual([])
    expect(await waiting()).toEqual([])
  })

  test('by the app’s own word nothing is, and with it all is, whatever the page has said', async () => {
    const answer = vi.fn<() => boolean | Promise<boolean>>(() => false)
    await using given = await load({ consent: answer })
    const { worker, events } = given
    await keepRecord({ syncUrl, receipts: allowed })
    await worker.push(chat('m1'))
    answer.mockImplementation(() => Promise.reject(new Error('broken')))
    await worker.push(chat('m2'))
    expect(events()).toEqual([])
    answer.mockImplementation(() => Promise.resolve(true))
    await keepRecord({ receipts: undefined })
    await worker.push(chat('m3'))
    expect(events()).toEqual(['m3 received', 'm3 shown'])
  })
})

test('nothing is told of a message for somebody else', async () => {
  await using given = await load()
  const { worker, backend } = given
  await keepRecord({ syncUrl, recipient: 'anna', receipts: { allowedBy: 'anna' } })
  await worker.push(chat('m1', { recipient: 'bert' }))
  expect(backend.sent).toEqual([])
  expect(await waiting()).toEqual([])
})

test('what happens within a moment is one request, and none comes before its notification', async () => {
  using clock = stopClock()
  await using given = await load({ jitterMs: 300 })
  const { loaded, backend, events } = given
  vi.spyOn(Math, 'random').mockReturnValue(0.5)
  try {
    await keepRecord({ syncUrl, receipts: allowed })
    for (const id of ['m1', 'm2', 'm3']) {
      await loaded.push(chat(id))
      await clock.pass(40)
    }
    expect(backend.sent).toEqual([])
    await clock.pass(30)
    await clock.see(() => backend.sent).toMatchObject([{ shown: 3 }])
    expect(events()).toHaveLength(6)
  } finally {
    vi.restoreAllMocks()
  }
})

test('a message that a page took was received and not shown, and one that went wrong failed', async () => {
  const arrange = ({ message, ...chosen }: ChosenNotification) => {
    if (message.id === 'm2') throw new Error('broken')
    return { message, ...chosen }
  }
  const take = ({ message }: ChosenNotification) => message.id === 'm1'
  await using given = await load({}, 'chromium', { name: 'page', take, arrange })
  const { worker, events } = given
  await keepRecord({ syncUrl, receipts: allowed })
  await worker.push(chat('m1'))
  await worker.push(chat('m2'))
  expect(events().toSorted()).toEqual(['m1 received', 'm2 failed', 'm2 received', 'm2 shown'])
})

test('a message has not failed because storage did', async () => {
  const held: { context?: WorkerContext } = {}
  const start = (context: WorkerContext) => void (held.context = context)
  await using given = await load({}, 'chromium', { name: 'look', start })
  await keepRecord({ syncUrl, receipts: allowed })
  const context = present(held.context)
  const part = context.parts.find(({ name }) => name === 'receipts')
  for (const [id, stage] of [
    ['m1', 'storage'],
    ['m2', 'route'],
  ] as const) {
    await part?.failed?.({ at: 1, code: 'timeout', id, stage }, context, {})
  }
  await expect.poll(given.events).toContain('m2 failed')
  expect(given.events()).toEqual(['m2 failed'])
})

test('they go where the app says', async () => {
  await using given = await load({ url: 'api/receipts' })
  const { worker, backend } = given
  await keepRecord({ receipts: allowed })
  await worker.push(chat('m1'))
  expect(backend.sent).toMatchObject([{ url: 'https://app.example/api/receipts' }])
})

describe('a backend that does not take them', () => {
  test.each([
    ['fails', () => new Response(null, { status: 500 })],
    ['knows nobody', () => new Response(null, { status: 401 })],
    ['answers with a page', () => new Response('<h1>Sign in</h1>')],
  ])('because it %s is sent them again, once, after a pause that grows', async (_, answer) => {
    vi.useFakeTimers({ toFake: ['Date'] })
    await using given = await load()
    const { worker, backend, events } = given
    await keepRecord({ syncUrl, receipts: allowed })
    backend.answer = answer
    await worker.push(chat('m1'))
    await worker.push(chat('m2'))
    expect(backend.sent).toHaveLength(1)
    expect((await readRecord())?.receipts?.retry).toMatchObject({ attempts: 1 })
    vi.setSystemTime(Date.now() + 3000)
    await worker.restart()
    await worker.push(chat('m3'))
    expect(backend.sent).toHaveLength(2)
    expect((await readRecord())?.receipts?.retry).toMatchObject({ attempts: 2 })
    vi.setSystemTime(Date.now() + 5000)
    backend.answer = () => new Response(null, { status: 204 })
    backend.sent.length = 0
    await worker.push(chat('m4'))
    expect(events().toSorted()).toEqual(
      ['m1', 'm2', 'm3', 'm4'].flatMap((id) => [`${id} received`, `${id} shown`]),
    )
    expect(await waiting()).toEqual([])
    expect((await readRecord())?.receipts).toEqual(allowed)
  })

  test('for now is left alone for as long as it says', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    await using given = await load()
    const { worker, backend } = given
    await keepRecord({ syncUrl, receipts: allowed })
    backend.answer = () => new Response(null, { status: 429, headers: { 'retry-after': '3600' } })
    await worker.push(chat('m1'))
    vi.setSystemTime(Date.now() + 3_500_000)
    await worker.push(chat('m2'))
    expect(backend.sent).toHaveLength(1)
    vi.setSystemTime(Date.now() + 200_000)
    await worker.push(chat('m3'))
    expect(backend.sent).toHaveLength(2)
  })

  test('because it wants none is not asked again, and the outbox is none the worse', async () => {
    await using given = await load()
    const { worker, backend, events } = given
    await keepRecord({ syncUrl, receipts: allowed })
    backend.answer = () => new Response(null, { status: 404 })
    await worker.push(chat('m1'))
    expect(await waiting()).toEqual([])
    await worker.push(chat('m2'))
    expect(events()).toEqual(['m1 received', 'm1 shown', 'm2 received', 'm2 shown'])
    expect((await readRecord())?.retry).toBeUndefined()
  })
})

test('very many are sent in several requests, and of far too many the last', async () => {
  await using given = await load()
  const { worker, backend, events } = given
  const scope = 'https://app.example/'
  await createDatabaseConnection().use(async (open) => {
    const transaction = open.transaction('receipts', 'readwrite')
    for (let at = 0; at < 1100; at++) {
      await transaction.store.put({ scope, id: `old${at}`, event: 'shown', at, owner: '' })
    }
    await transaction.done
  })
  await keepRecord({ syncUrl, receipts: allowed })
  await worker.push(chat('m1'))
  expect(backend.sent).toHaveLength(20)
  expect(events()).toHaveLength(1000)
  expect([events()[0], events().at(-1)]).toEqual(['old102 shown', 'm1 shown'])
})

test('they cost no notification when the database fails, and no push fails', async () => {
  await using given = await load()
  const { worker } = given
  breakDatabase()
  const result = await worker.push(chat('m1'))
  expect(result).toMatchObject({ penalty: 'none', shown: [{ title: 'm1' }] })
  expect(result).not.toHaveProperty('failed')
})

test('a burst waits for none of them, and a page has sent what a worker that was ended has not', async () => {
  await using given = await load({ jitterMs: 600_000 })
  const { loaded, backend, events } = given
  await keepRecord({ syncUrl, receipts: allowed })
  for (let index = 0; index < 20; index++) {
    expect(await loaded.push(chat(`m${index}`))).not.toHaveProperty('failed')
  }
  expect(await waiting()).toHaveLength(40)
  expect(backend.sent).toEqual([])
  await loaded.restart()
  await loaded.message({ pushwell: 1, kind: 'receipts' })
  expect(events()).toHaveLength(40)
  expect(await waiting()).toEqual([])
})

test('a push is over while the backend has not answered', async () => {
  await using given = await load()
  const { loaded, backend } = given
  await keepRecord({ syncUrl, receipts: allowed })
  let answer = () => undefined as void
  const answered = new Promise<void>((resolve) => (answer = resolve))
  backend.answer = async () => {
    await answered
    return new Response(null, { status: 204 })
  }
  expect(await loaded.push(chat('m1'))).not.toHaveProperty('failed')
  await expect.poll(() => backend.sent).toHaveLength(1)
  expect(await loaded.push(chat('m2'))).not.toHaveProperty('failed')
  answer()
  await expect.poll(waiting).toEqual([])
})

test('what could not be sent goes with a background sync, which comes again until it has', async () => {
  await using given = await load()
  const { worker, backend, events } = given
  await keepRecord({ syncUrl, receipts: allowed })
  backend.answer = () => new Response(null, { status: 500 })
  await worker.push(chat('m1'))
  expect(worker.syncTags).toEqual(['pushwell-receipts'])
  expect(await worker.sync('pushwell-receipts')).toHaveProperty('failed')
  backend.answer = () => new Response(null, { status: 204 })
  backend.sent.length = 0
  expect(await worker.sync('pushwell-receipts')).not.toHaveProperty('failed')
  expect(events()).toEqual(['m1 received', 'm1 shown'])
  expect(worker.syncTags).toEqual([])
})

test('what happened while somebody else was signed in is dropped', async () => {
  await using given = await load()
  const { worker, backend, events } = given
  await keepRecord({ syncUrl, recipient: 'anna', receipts: { allowedBy: 'anna' } })
  backend.answer = () => new Response(null, { status: 500 })
  await worker.push(chat('m1', { recipient: 'anna' }))
  backend.answer = () => new Response(null, { status: 204 })
  backend.sent.length = 0
  await keepRecord({ recipient: 'bert', receipts: { allowedBy: 'bert' } })
  await worker.push(chat('m1', { recipient: 'bert' }))
  expect(events()).toEqual(['m1 received', 'm1 shown'])
  expect(await waiting()).toEqual([])
})

test('a message for somebody else has not failed here', async () => {
  const receive = () => Promise.reject(new Error('broken'))
  await using given = await load({}, 'chromium', { name: 'broken', receive })
  const { worker, events } = given
  await keepRecord({ syncUrl, recipient: 'bert', receipts: { allowedBy: 'bert' } })
  await worker.push(chat('m1', { recipient: 'anna' }))
  await worker.push(chat('m2', { recipient: 'bert' }))
  expect(events()).toEqual(['m2 received', 'm2 shown', 'm2 failed'])
})

test.each([
  ['consent must be a function.', { consent: true }],
  ['jitterMs must be from 0 to 600000.', { jitterMs: -1 }],
  ['jitterMs must be from 0 to 600000.', { jitterMs: Number.NaN }],
])('a wrong option is refused: %s', (message, wrong) => {
  expect(() => receipts(wrong as never)).toThrow(message)
})
