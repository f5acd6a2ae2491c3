import { describe, expect, test } from 'vitest'
import type { StandardSchema } from '../../src/shared/message.ts'
import type { LoadWorkerOptions } from '../../src/testing/worker/index.ts'
import { createPushWorker } from '../../sw/index.ts'
import { home, listen, loadPushWorker, ours, pushOne } from './load-push-worker.ts'

function schema(validate: StandardSchema['~standard']['validate']): StandardSchema {
  return { '~standard': { version: 1, vendor: 'test', validate } }
}

const messages = {
  doubled: schema((value) => ({ value: Number(value) * 2 })),
  refused: schema(() => ({ issues: [{ message: 'no' }] })),
  uncloneable: schema(() => ({ value: () => 1 })),
}

function load(options: LoadWorkerOptions = {}) {
  return loadPushWorker((scope) => createPushWorker({ messages }, scope), options)
}

const told = (type: string, data?: unknown) => ({
  pushwell: 1,
  scope: home,
  kind: 'message',
  message: { id: 'm1', type, data },
})

describe('pages are told of a message', () => {
  test('once it is on the screen', async () => {
    await using worker = await load()
    const onScreen: number[] = []
    const heard = listen(() => onScreen.push(worker.notifications.length))
    await pushOne(worker, ours('any', { n: 1 }))
    expect(heard).toEqual([told('any', { n: 1 })])
    expect(onScreen).toEqual([1])
  })

  test('with its data as the schema made it', async () => {
    await using worker = await load()
    const heard = listen()
    await pushOne(worker, ours('doubled', 21))
    expect(heard).toEqual([told('doubled', 42)])
  })

  test('by the app’s scope while a subscription is moving to a new key', async () => {
    await using worker = await load({ scope: `${home}pushwell-key-move/` })
    const heard = listen()
    await pushOne(worker, ours('any'))
    expect(heard).toEqual([told('any')])
  })

  test.each([
    ['its data was refused', ours('refused')],
    ['it has no type', { pushwell: { v: 1, id: 'm1', data: 1 } }],
    ['it is in no format of ours', 'Hello'],
    ['its data cannot be cloned', ours('uncloneable')],
  ])('but not when %s', async (_, payload) => {
    await using worker = await load()
    const heard = listen()
    expect((await worker.push(payload)).shown).toHaveLength(1)
    expect(heard).toEqual([])
    expect(worker.errors).toEqual([])
  })

  test('where there are channels: elsewhere it is shown all the same', async () => {
    await using worker = await load()
    Object.assign(globalThis, { BroadcastChannel: undefined })
    await pushOne(worker, ours('any'))
    expect(worker.errors).toEqual([])
  })
})
