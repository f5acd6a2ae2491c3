import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { defineMessages, message } from '../../src/shared/message.ts'
import { createPushWorker, type PushWorker, type PushWorkerOptions } from '../../sw/index.ts'
import { loadPushWorker, ours as envelope, pushOne } from './load-push-worker.ts'

const fallback = { title: 'Acme', body: 'Something happened.' }

const messages = defineMessages({
  'order.shipped': message<{ orderId: string }>(),
  checked: {
    '~standard': {
      version: 1,
      vendor: 'test',
      validate: (value) =>
        typeof value === 'number' ? { value: value + 1 } : { issues: [{ message: 'no number' }] },
    },
  },
})

type Routes = (worker: PushWorker<typeof messages>) => unknown

function load(routes?: Routes, options: PushWorkerOptions<typeof messages> = {}) {
  return loadPushWorker((scope) => {
    const worker = createPushWorker({ messages, fallback, deadlineMs: 20, ...options }, scope)
    routes?.(worker)
  })
}

const ours = (type: string, data?: unknown, notification?: object, id = 'm1') => ({
  web_push: 8030,
  notification,
  ...envelope(type, data, { id }),
})

describe('a push', () => {
  test('shows what the route of its type describes', async () => {
    await using worker = await load((it) =>
      it.on('order.shipped', {
        notification: ({ data, id }) => ({ title: `Order ${data.orderId}`, body: `${id}` }),
      }),
    )
    const shown = await pushOne(worker, ours('order.shipped', { orderId: '42' }))
    expect(shown).toMatchObject({ title: 'Order 42', body: 'm1' })
  })

  test('gives a route its data as the schema made it', async () => {
    await using worker = await load((it) =>
      it.on('checked', { notification: ({ data }) => ({ title: String(data) }) }),
    )
    expect((await pushOne(worker, ours('checked', 41))).title).toBe('42')
  })

  test('shows the message’s own notification when its type has no route', async () => {
    await using worker = await load()
    const notification = { title: 'From the server', body: 'Hello' }
    const shown = await pushOne(worker, ours('unknown', null, notification))
    expect(shown).toMatchObject(notification)
  })

  test('shows plain declarative messages, and plain text under the fallback’s title', async () => {
    await using worker = await load(undefined, { fallback: { title: 'Acme' } })
    const declared = { web_push: 8030, notification: { title: 'Declared', navigate: '/a' } }
    expect((await pushOne(worker, declared)).title).toBe('Declared')
    expect(await pushOne(worker, 'Hello there')).toMatchObject({
      title: 'Acme',
      body: 'Hello there',
    })
  })

  test('without options at all shows the host’s name', async () => {
    await using worker = await loadPushWorker((scope) => createPushWorker({}, scope))
    expect((await pushOne(worker)).title).toBe('app.example')
  })

  test('puts the defaults under what the notification says itself', async () => {
    await using worker = await load(undefined, { defaults: { icon: '/icon.png', body: 'default' } })
    expect(await pushOne(worker)).toMatchObject({
      icon: 'https://app.example/icon.png',
      body: fallback.body,
    })
  })

  test('shows the default where a route says nothing by name', async () => {
    const untold = { title: 'Order', icon: undefined } as unknown as { title: string }
    await using worker = await load(
      (it) => it.on('order.shipped', { notification: () => untold }),
      { defaults: { icon: '/icon.png' } },
    )
    expect((await pushOne(worker, ours('order.shipped'))).icon).toBe('https://app.example/icon.png')
  })
})

describe('a push whose route fails shows the message’s own notification, else the fallback', () => {
  const failures: Record<string, () => unknown> = {
    throws: () => {
      throw new Error('broken')
    },
    rejects: () => Promise.reject(new Error('broken')),
    'never settles': () => new Promise(() => undefined),
    'returns nothing': () => undefined,
    'returns no title': () => ({ body: 'untitled' }),
    'returns an empty title': () => ({ title: '' }),
  }
  for (const [name, notification] of Object.entries(failures)) {
    test(name, async () => {
      await using worker = await load((it) =>
        it.on('order.shipped', { notification: notification as never }),
      )
      const own = await pushOne(worker, ours('order.shipped', { orderId: '42' }, { title: 'Own' }))
      const none = await pushOne(worker, ours('order.shipped', { orderId: '42' }, undefined, 'm2'))
      expect([own.title, none.title]).toEqual(['Own', 'Acme'])
    })
  }

  test('its data does not fit the schema', async () => {
    await using worker = await load((it) =>
      it.on('checked', { notification: () => ({ title: 'never' }) }),
    )
    expect((await pushOne(worker, ours('checked', 'text'))).title).toBe('Acme')
  })

  test('its schema never settles', async () => {
    const validate = () => new Promise<never>(() => undefined)
    await using worker = await loadPushWorker((scope) =>
      createPushWorker(
        {
          messages: { slow: { '~standard': { version: 1, vendor: 'test', validate } } },
          fallback,
          deadlineMs: 20,
        },
        scope,
      ).on('slow', { notification: () => ({ title: 'never' }) }),
    )
    expect((await pushOne(worker, ours('slow'))).title).toBe('Acme')
  })
})

describe('whatever arrives, exactly one notification with a title is shown', () => {
  const loadAny = () =>
    load((it) => it.on('order.shipped', { notification: ({ data }) => ({ title: data.orderId }) }))

  test('for any bytes', async () => {
    await using worker = await loadAny()
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
        expect((await pushOne(worker, bytes)).title).not.toBe('')
      }),
    )
  })

  test('for any JSON in the places of the format', async () => {
    await using worker = await loadAny()
    const anything = fc.option(fc.jsonValue(), { nil: undefined })
    const shape = fc.record({
      web_push: anything,
      notification: fc.oneof(
        anything,
        fc.record({ title: anything, body: anything, actions: anything, data: anything }),
        fc.record({ title: fc.string(), tag: anything, actions: fc.array(anything) }),
      ),
      pushwell: fc.oneof(
        anything,
        fc.record({
          v: fc.constant(1),
          type: fc.constant('order.shipped'),
          data: anything,
          recipient: anything,
        }),
      ),
    })
    await fc.assert(
      fc.asyncProperty(shape, async (json) => {
        expect((await pushOne(worker, JSON.stringify(json))).title).not.toBe('')
      }),
    )
  })
})
