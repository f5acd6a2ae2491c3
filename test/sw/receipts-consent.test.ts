import { describe, expect, test, vi } from 'vitest'
import { keepRecord, present } from './load-push-worker.ts'
import { allowed, chat, loadReceiptsWorker, syncUrl, waiting } from './receipts-worker.ts'

describe('without consent', () => {
  test.each([
    ['nobody has said', {}],
    ['it was taken back', { receipts: {} }],
    ['somebody else has given it', { recipient: 'bert', receipts: { allowedBy: 'anna' } }],
    ['the one who gave it has signed out', { recipient: null, receipts: { allowedBy: 'anna' } }],
  ])('nothing is kept and nothing sent: %s', async (_, record) => {
    await using given = await loadReceiptsWorker()
    const { worker, backend } = given
    await keepRecord({ syncUrl, ...record })
    await worker.push(chat('m1'))
    await worker.click(present(worker.notifications[0]))
    expect(backend.sent).toEqual([])
    expect(await waiting()).toEqual([])
  })

  test('what was kept before goes', async () => {
    await using given = await loadReceiptsWorker()
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
    await using given = await loadReceiptsWorker({ consent: answer })
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
  await using given = await loadReceiptsWorker()
  const { worker, backend } = given
  await keepRecord({ syncUrl, recipient: 'anna', receipts: { allowedBy: 'anna' } })
  await worker.push(chat('m1', { recipient: 'bert' }))
  expect(backend.sent).toEqual([])
  expect(await waiting()).toEqual([])
})

test('what happened while somebody else was signed in is dropped', async () => {
  await using given = await loadReceiptsWorker()
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
  await using given = await loadReceiptsWorker({}, 'chromium', { name: 'broken', receive })
  const { worker, events } = given
  await keepRecord({ syncUrl, recipient: 'bert', receipts: { allowedBy: 'bert' } })
  await worker.push(chat('m1', { recipient: 'anna' }))
  await worker.push(chat('m2', { recipient: 'bert' }))
  expect(events()).toEqual(['m2 received', 'm2 shown', 'm2 failed'])
})
