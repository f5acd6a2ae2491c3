import { describe, expect, test } from 'vitest'
import { receipts } from '../../sw/index.ts'
import type { ChosenNotification } from '../../sw/chosen-notification.ts'
import type { WorkerContext } from '../../sw/worker-context.ts'
import { breakDatabase, keepRecord, present } from './load-push-worker.ts'
import { allowed, chat, loadReceiptsWorker, syncUrl, waiting } from './receipts-worker.ts'

const engines = ['chromium', 'firefox', 'webkit'] as const

describe.each(engines)('in %s, receipts', (engine) => {
  test('tell what became of a message, after it, in the order in which it did', async () => {
    await using given = await loadReceiptsWorker({}, engine)
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
    await using given = await loadReceiptsWorker({}, engine)
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

test('a message that a page took was received and not shown, and one that went wrong failed', async () => {
  const arrange = ({ message, ...chosen }: ChosenNotification) => {
    if (message.id === 'm2') throw new Error('broken')
    return { message, ...chosen }
  }
  const take = ({ message }: ChosenNotification) => message.id === 'm1'
  await using given = await loadReceiptsWorker({}, 'chromium', { name: 'page', take, arrange })
  const { worker, events } = given
  await keepRecord({ syncUrl, receipts: allowed })
  await worker.push(chat('m1'))
  await worker.push(chat('m2'))
  expect(events().toSorted()).toEqual(['m1 received', 'm2 failed', 'm2 received', 'm2 shown'])
})

test('a message has not failed because storage did', async () => {
  const held: { context?: WorkerContext } = {}
  const start = (context: WorkerContext) => void (held.context = context)
  await using given = await loadReceiptsWorker({}, 'chromium', { name: 'look', start })
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

test('they cost no notification when the database fails, and no push fails', async () => {
  await using given = await loadReceiptsWorker()
  const { worker } = given
  breakDatabase()
  const result = await worker.push(chat('m1'))
  expect(result).toMatchObject({ penalty: 'none', shown: [{ title: 'm1' }] })
  expect(result).not.toHaveProperty('failed')
})

test.each([
  ['consent must be a function.', { consent: true }],
  ['jitterMs must be from 0 to 600000.', { jitterMs: -1 }],
  ['jitterMs must be from 0 to 600000.', { jitterMs: Number.NaN }],
])('a wrong option is refused: %s', (message, wrong) => {
  expect(() => receipts(wrong as never)).toThrow(message)
})
