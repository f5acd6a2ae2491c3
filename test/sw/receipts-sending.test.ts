import { afterEach, describe, expect, test, vi } from 'vitest'
import { createDatabaseConnection } from '../../src/shared/database-connection.ts'
import { keepRecord, readRecord } from './load-push-worker.ts'
import { stopClock } from './stopped-clock.ts'
import { allowed, chat, loadReceiptsWorker, syncUrl, waiting } from './receipts-worker.ts'

afterEach(() => {
  vi.useRealTimers()
})

test('what happens within a moment is one request, and none comes before its notification', async () => {
  using clock = stopClock()
  await using given = await loadReceiptsWorker({ jitterMs: 300 })
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

test('they go where the app says', async () => {
  await using given = await loadReceiptsWorker({ url: 'api/receipts' })
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
    await using given = await loadReceiptsWorker()
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
    await using given = await loadReceiptsWorker()
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
    await using given = await loadReceiptsWorker()
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
  await using given = await loadReceiptsWorker()
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

test('a burst waits for none of them, and a page has sent what a worker that was ended has not', async () => {
  await using given = await loadReceiptsWorker({ jitterMs: 600_000 })
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
  await using given = await loadReceiptsWorker()
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
  await using given = await loadReceiptsWorker()
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
