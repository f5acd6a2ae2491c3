import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { loadWorker, type WorkerEngine } from '../../../src/testing/worker/index.ts'
import { createPushWorker, type WorkerScope } from '../../../sw/index.ts'

const fallback = { title: 'Acme', body: 'Something happened.' }

/** Our worker with routes of every bad kind. */
function load(engine: WorkerEngine) {
  return loadWorker(
    (scope: WorkerScope) => {
      createPushWorker({ fallback, deadlineMs: 20 }, scope)
        .on('order', { notification: () => ({ title: 'Order', navigate: '/orders/1' }) })
        .on('throws', {
          notification: () => {
            throw new Error('broken')
          },
        })
        .on('rejects', { notification: () => Promise.reject(new Error('broken')) })
        .on('hangs', { notification: () => new Promise(() => undefined) })
        .on('uncloneable', { notification: () => ({ title: 'Data', data: () => 1 }) })
        .on('refused', {
          notification: () => ({ title: 'Refused', silent: true, vibrate: [1], renotify: true }),
        })
    },
    { engine },
  )
}

const ours = (type: string, notification?: object) => ({
  web_push: 8030,
  notification,
  pushwell: { v: 1, id: 'm', type },
})

describe.each<WorkerEngine>(['chromium', 'firefox', 'webkit'])('our worker in %s', (engine) => {
  test.each([
    ['an empty push', undefined],
    ['text', 'Hello'],
    ['broken JSON', '{"pushwell":'],
    ['bytes that are no text', new Uint8Array([0, 255, 254, 128])],
    ['a byte order mark', '\uFEFF{"pushwell":{"v":1,"type":"order"}}'],
    ['JSON of the wrong shape', [{ title: [1] }]],
    ['a message with a route', ours('order')],
    ['a route that throws', ours('throws')],
    ['a route that rejects', ours('rejects')],
    ['a route that never settles', ours('hangs')],
    ['a route with data that cannot be cloned', ours('uncloneable')],
    ['a route with options that the engine refuses', ours('refused')],
    ['a route that fails, with a notification of its own', ours('throws', { title: 'Own' })],
    [
      'a declarative message',
      { web_push: 8030, notification: { title: 'Declared', navigate: '/a' } },
    ],
    [
      'a declarative message that may be changed',
      { web_push: 8030, mutable: true, notification: { title: 'Declared', navigate: '/a' } },
    ],
  ])('%s: exactly one notification, with a title', async (_, payload) => {
    await using worker = await load(engine)
    const result = await worker.push(payload)
    expect(result).toMatchObject({ silent: false, penalty: 'none' })
    expect(result.shown).toHaveLength(1)
    expect(result.shown[0]?.title).not.toBe('')
    expect(result).not.toHaveProperty('failed')
    expect(worker.errors).toEqual([])
  })

  test('any bytes: exactly one notification', async () => {
    await using worker = await load(engine)
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
        expect((await worker.push(bytes)).shown).toHaveLength(1)
      }),
    )
  })

  test('a click opens where the notification leads, and takes it off the screen', async () => {
    await using worker = await load(engine)
    const { shown } = await worker.push(ours('order'))
    const [notification] = shown
    if (!notification) throw new Error('Nothing was shown.')
    expect(await worker.click(notification)).toMatchObject({
      opened: ['https://app.example/orders/1'],
      closed: true,
    })
  })

  test('a click focuses a window of the app, then navigates it', async () => {
    await using worker = await load(engine)
    const window = worker.openWindow({ url: '/inbox' })
    const { shown } = await worker.push(ours('order'))
    const [notification] = shown
    if (!notification) throw new Error('Nothing was shown.')
    expect(await worker.click(notification)).toMatchObject({
      opened: [],
      focused: ['https://app.example/inbox'],
      navigated: ['https://app.example/orders/1'],
    })
    expect(window).toMatchObject({ focused: true, url: 'https://app.example/orders/1' })
  })
})
