import { describe, expect, test, vi } from 'vitest'
import type { StandardSchema } from '../../src/shared/message.ts'
import { createPushWorker, type PushFailure, type WorkerPart } from '../../sw/index.ts'
import {
  blockDatabase,
  breakDatabase,
  keepRecord,
  loadPushWorker,
  ours,
  readRecord,
} from './load-push-worker.ts'

const secret = 'https://secret.example/key'
const never = () => new Promise<never>(() => undefined)
const validate = (value: unknown) =>
  value === 'hang' ? never() : { issues: [{ message: secret }] }
const strict: StandardSchema = { '~standard': { version: 1, vendor: 'test', validate } }
const described = { title: 'Described', body: secret }
const throwing = {
  title: 'Throwing',
  get body(): string {
    throw new Error(secret)
  },
}

function load(...parts: Partial<WorkerPart>[]) {
  const failures: PushFailure[] = []
  const named = parts.map((part, index) => ({ name: `part ${index}`, ...part }))
  const ledger: WorkerPart = { name: 'ledger', failed: (failure) => failures.push(failure) }
  return loadPushWorker(
    (scope) =>
      createPushWorker(
        {
          messages: { strict, any: anything, late: anything, odd: anything },
          deadlineMs: 50,
          parts: [...named, ledger],
        },
        scope,
      )
        .on('strict', { notification: () => described })
        .on('any', { notification: () => described })
        .on('late', { notification: never })
        .on('odd', { notification: () => throwing }),
    { engine: 'webkit', eventTimeoutMs: 500 },
  ).then((worker) => ({ worker, failures, [Symbol.asyncDispose]: () => worker.dispose() }))
}

const anything: StandardSchema = {
  '~standard': { version: 1, vendor: 'test', validate: (value) => ({ value }) },
}

describe('what goes wrong with a push is kept, and told to parts', () => {
  const message = { type: 'any', id: 'm1' }
  test.each([
    ['octets that say nothing', new Uint8Array([0, 255]), [{ stage: 'parse', code: 'failed' }]],
    [
      'data that does not fit',
      ours('strict'),
      [{ stage: 'validate', code: 'failed', id: 'm1', type: 'strict' }],
    ],
    ['a schema that hangs', ours('strict', 'hang'), [{ stage: 'validate', code: 'timeout' }]],
    ['a route that hangs', ours('late'), [{ stage: 'route', code: 'timeout', type: 'late' }]],
    ['a notification that cannot be read', ours('odd'), [{ stage: 'route', code: 'failed' }]],
    ['nothing', ours('any'), []],
  ])('for %s', async (_, payload, expected) => {
    await using loaded = await load()
    const { worker, failures } = loaded
    const { shown } = await worker.push(payload)
    expect(shown).toHaveLength(1)
    expect(failures).toMatchObject(expected)
    expect((await readRecord())?.pushFailures ?? []).toEqual(failures)
    expect(JSON.stringify(await readRecord()) ?? '').not.toContain('secret')
  })

  test('for a part', async () => {
    await using loaded = await load(
      { arrange: () => Promise.reject(new Error(secret)) },
      { arrange: () => ({ descriptor: { title: '' }, message: {} }) },
      { arrange: () => undefined as never },
    )
    const { worker, failures } = loaded
    expect((await worker.push(ours('any'))).shown).toMatchObject([described])
    const failure = { ...message, stage: 'arrange', code: 'failed' }
    expect(failures).toMatchObject([failure, failure, failure])
  })

  test('for a part that makes no message of one', async () => {
    const wrong = [{ notification: { body: 'b' } }, { stale: { title: '' } }, { stale: null }, 7]
    await using loaded = await load(
      ...wrong.map((received) => ({ receive: () => received as never })),
    )
    const { worker, failures } = loaded
    expect((await worker.push(ours('any'))).shown).toMatchObject([described])
    expect(failures).toEqual(
      wrong.map(() => expect.objectContaining({ ...message, stage: 'receive', code: 'failed' })),
    )
  })

  test('for storage, also when it cannot be kept', async () => {
    await using loaded = await load()
    const { worker, failures } = loaded
    breakDatabase()
    expect((await worker.push(ours('any'))).shown).toHaveLength(1)
    expect(failures).toMatchObject([{ ...message, stage: 'storage', code: 'failed' }])
  })

  test('for a database that never says who is signed in', async () => {
    await using loaded = await load()
    const { worker, failures } = loaded
    blockDatabase()
    await worker.push(ours('any', undefined, { recipient: 'anna', id: '' }))
    expect(failures).toMatchObject([{ stage: 'recipient', code: 'timeout' }])
  })

  test('for a notification that was refused, and for one that was never shown', async () => {
    await using loaded = await load()
    const { worker, failures } = loaded
    const { registration } = worker.scope
    const refuse = vi.fn(() => Promise.reject(new TypeError(secret)))
    Object.assign(registration, { showNotification: refuse })
    expect(await worker.push(ours('any'))).toMatchObject({
      shown: [],
      failed: { name: 'TypeError' },
    })
    const stages = failures.map(({ stage, code }) => `${stage} ${code}`)
    expect(new Set(stages)).toEqual(new Set(['show failed']))
    expect((await readRecord())?.pushFailures).toEqual(failures)
  })
})

test('the last twenty are kept, beside what the page has written', async () => {
  await using loaded = await load()
  const { worker } = loaded
  await keepRecord({ recipient: 'anna' })
  for (let index = 0; index < 23; index++) {
    await worker.push(ours('strict', undefined, { id: `m${index}` }))
  }
  const record = await readRecord()
  expect(record?.recipient).toBe('anna')
  expect(record?.pushFailures?.map(({ id }) => id)).toEqual(
    Array.from({ length: 20 }, (_, index) => `m${index + 3}`),
  )
})

test('two messages with an empty id are two messages', async () => {
  await using loaded = await load()
  const { worker } = loaded
  await worker.push(ours('any', undefined, { id: '' }))
  await worker.push(ours('any', undefined, { id: '' }))
  expect(worker.notifications).toHaveLength(2)
})
