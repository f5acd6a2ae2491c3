import 'fake-indexeddb/auto'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { defineMessages, message } from '../../src/shared/message.ts'
import { createPushWorker, type PushWorkerOptions } from '../../sw/index.ts'
import { createFakeWorkerScope } from './fake-worker-scope.ts'

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

function start(options: PushWorkerOptions<typeof messages> = {}) {
  const scope = createFakeWorkerScope()
  const worker = createPushWorker({ messages, fallback, deadlineMs: 20, ...options }, scope)
  return { scope, worker }
}

const ours = (type: string, data?: unknown, notification?: object) =>
  JSON.stringify({ web_push: 8030, notification, pushwell: { v: 1, id: 'm1', type, data } })

describe('a push', () => {
  test('shows what the route of its type describes', async () => {
    const { scope, worker } = start()
    worker.on('order.shipped', {
      notification: ({ data, id }) => ({ title: `Order ${data.orderId}`, body: `${id}` }),
    })
    await scope.push(ours('order.shipped', { orderId: '42' }))
    expect(scope.shown).toMatchObject([{ title: 'Order 42', details: { body: 'm1' } }])
  })

  test('gives a route its data as the schema made it', async () => {
    const { scope, worker } = start()
    worker.on('checked', { notification: ({ data }) => ({ title: String(data) }) })
    await scope.push(ours('checked', 41))
    expect(scope.shown).toMatchObject([{ title: '42' }])
  })

  test('shows the message’s own notification when its type has no route', async () => {
    const { scope } = start()
    await scope.push(ours('unknown', null, { title: 'From the server', body: 'Hello' }))
    expect(scope.shown).toMatchObject([{ title: 'From the server', details: { body: 'Hello' } }])
  })

  test('shows plain declarative messages, and plain text under the fallback’s title', async () => {
    const { scope } = start({ fallback: { title: 'Acme' } })
    await scope.push('{"web_push":8030,"notification":{"title":"Declared","navigate":"/a"}}')
    await scope.push('Hello there')
    expect(scope.shown).toMatchObject([
      { title: 'Declared' },
      { title: 'Acme', details: { body: 'Hello there' } },
    ])
  })

  test('without options at all shows the host’s name', async () => {
    const scope = createFakeWorkerScope()
    createPushWorker({}, scope)
    await scope.push()
    expect(scope.shown).toMatchObject([{ title: 'app.example' }])
  })

  test('puts the defaults under what the notification says itself', async () => {
    const { scope } = start({ defaults: { icon: '/icon.png', body: 'default' } })
    await scope.push()
    expect(scope.shown).toMatchObject([{ details: { icon: '/icon.png', body: fallback.body } }])
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
      const { scope, worker } = start()
      worker.on('order.shipped', { notification: notification as never })
      await scope.push(ours('order.shipped', { orderId: '42' }, { title: 'Own' }))
      await scope.push(ours('order.shipped', { orderId: '42' }))
      expect(scope.shown.map(({ title }) => title)).toEqual(['Own', 'Acme'])
    })
  }

  test('its data does not fit the schema', async () => {
    const { scope, worker } = start()
    worker.on('checked', { notification: () => ({ title: 'never' }) })
    await scope.push(ours('checked', 'text'))
    expect(scope.shown.map(({ title }) => title)).toEqual(['Acme'])
  })
})

describe('whatever arrives, exactly one notification with a title is shown', () => {
  const shownFor = async (payload: string | Uint8Array) => {
    const { scope, worker } = start()
    worker.on('order.shipped', { notification: ({ data }) => ({ title: data.orderId }) })
    await scope.push(payload)
    return scope.shown
  }

  test('for any bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
        const shown = await shownFor(bytes)
        expect(shown).toHaveLength(1)
        expect(shown[0]?.title).not.toBe('')
      }),
    )
  })

  test('for any JSON in the places of the format', async () => {
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
        fc.record({ v: fc.constant(1), type: fc.constant('order.shipped'), data: anything }),
      ),
    })
    await fc.assert(
      fc.asyncProperty(shape, async (json) => {
        const shown = await shownFor(JSON.stringify(json))
        expect(shown).toHaveLength(1)
        expect(typeof shown[0]?.title).toBe('string')
        expect(shown[0]?.title).not.toBe('')
      }),
    )
  })
})

describe('a notification that the browser refuses', () => {
  test('is shown again with its text alone, and still leads where it should', async () => {
    const { scope, worker } = start()
    scope.refuses = ({ details }) => details.silent !== undefined
    worker.on('order.shipped', {
      notification: () => ({ title: 'Refused', body: 'Body', silent: true, navigate: '/orders/1' }),
    })
    await scope.push(ours('order.shipped', { orderId: '1' }))
    expect(scope.shown).toMatchObject([{ title: 'Refused', details: { body: 'Body' } }])
    const [shown] = scope.shown
    if (shown) await scope.click(shown)
    expect(scope.opened).toEqual(['https://app.example/orders/1'])
  })

  test('is shown with its title alone when even that is refused', async () => {
    const { scope } = start()
    scope.refuses = ({ details }) => details.body !== undefined
    await scope.push()
    expect(scope.shown).toMatchObject([{ title: 'Acme' }])
  })
})

describe('on', () => {
  test('refuses a second route for a type', () => {
    const { worker } = start()
    const route = { notification: () => ({ title: 'x' }) }
    expect(() => worker.on('checked', route).on('checked', route)).toThrow(TypeError)
  })
})
