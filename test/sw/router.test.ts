import { describe, expect, expectTypeOf, test, vi } from 'vitest'
import { createPushWorker, type PushWorkerOptions } from '../../sw/index.ts'
import { home, loadPushWorker, pushOne } from './load-push-worker.ts'
import {
  fallback,
  loadRoutedWorker,
  type Messages,
  says,
  typed,
  type Worker,
} from './routed-worker.ts'

describe('a route', () => {
  const loadAll = (options?: PushWorkerOptions<Messages>) =>
    loadRoutedWorker(
      (worker) =>
        worker
          .on('*', { notification: says('any') })
          .on('chat.*', { notification: says('chat') })
          .on('chat.room.*', { notification: says('room') })
          .on('order', { notification: says('order') }),
      options,
    )

  test.each([
    ['order', 'order order'],
    ['chat.message', 'chat chat.message'],
    ['chat.room.opened', 'room chat.room.opened'],
    ['chat', 'any chat'],
    ['chat.unknown', 'any chat.unknown'],
    ['chat.*', 'any chat.*'],
    ['*', 'any *'],
    ['toString', 'any toString'],
    ['', 'any '],
  ])('for messages of the type "%s" is that of its longest prefix: %s', async (type, title) => {
    await using worker = await loadAll()
    expect((await pushOne(worker, typed(type))).title).toBe(title)
  })

  test('for a prefix takes any type where no messages are declared', async () => {
    const click = vi.fn()
    await using worker = await loadPushWorker((scope) =>
      createPushWorker({}, scope).on('chat.*', { notification: says('chat'), click }),
    )
    const shown = await pushOne(worker, typed('chat.a.b'))
    expect(shown.title).toBe('chat chat.a.b')
    await worker.click(shown)
    expect(click).toHaveBeenCalledTimes(1)
    expect((await pushOne(worker, typed('chats'))).title).toBe('app.example')
  })

  test('for all others is given what has no type at all', async () => {
    await using worker = await loadRoutedWorker((it) =>
      it.on('*', { notification: ({ notification }) => ({ title: `<${notification?.title}>` }) }),
    )
    expect((await pushOne(worker)).title).toBe('<undefined>')
    expect((await pushOne(worker, { notification: { title: 'Plain' } })).title).toBe('<Plain>')
  })

  test.each(['chat*', '*.chat', 'chat.*.message', '**'])('for %s is refused', (type) => {
    const scope = { registration: { scope: home }, addEventListener: () => undefined }
    const worker = createPushWorker({}, scope as never)
    expect(() => worker.on(type, { notification: () => fallback })).toThrow(TypeError)
  })

  test('for a prefix answers the clicks of its types', async () => {
    const seen: unknown[] = []
    await using worker = await loadRoutedWorker((it) =>
      it.on('chat.*', {
        notification: says('chat'),
        click: (click) => {
          if (click.type === 'chat.message') seen.push(click.data.text)
        },
      }),
    )
    await worker.click(await pushOne(worker, typed('chat.message', { text: 'hi' })))
    expect(seen).toEqual(['hi'])
  })

  test('that does not look at its signal has no timer for it', async () => {
    const timers = vi.spyOn(AbortSignal, 'timeout')
    await using worker = await loadRoutedWorker((it) =>
      it
        .on('order', { notification: () => ({ title: `${timers.mock.calls.length}` }) })
        .on('chat.message', {
          notification: ({ signal }) => ({
            title: `${signal.aborted} ${timers.mock.calls.length}`,
          }),
        }),
    )
    expect((await pushOne(worker, typed('order'))).title).toBe('0')
    expect((await pushOne(worker, typed('chat.message'))).title).toBe('false 1')
    timers.mockRestore()
  })

  test('is typed by what it takes', () => {
    const check = (it: Worker) =>
      it
        .on('order', {
          notification: ({ data }) => {
            expectTypeOf(data).toEqualTypeOf<string>()
            return fallback
          },
        })
        .on('chat.*', {
          notification: (received) => {
            expectTypeOf(received.type).toEqualTypeOf<'chat.message' | 'chat.room.opened'>()
            if (received.type === 'chat.message')
              expectTypeOf(received.data).toEqualTypeOf<{ text: string }>()
            return fallback
          },
        })
        .on('*', {
          notification: ({ data }) => {
            expectTypeOf(data).toEqualTypeOf<unknown>()
            return fallback
          },
        })
        // @ts-expect-error there is no such type
        .on('orders', { notification: () => fallback })
        // @ts-expect-error nor one with this prefix
        .on('order.*', { notification: () => fallback })
    expectTypeOf(check).toBeFunction()
  })
})

describe('what a route gives', () => {
  const later = (given: unknown, more?: object) => ({
    ...more,
    // oxlint-disable-next-line unicorn/no-thenable -- that is what is tested
    then: (resolve: (value: unknown) => void) => resolve(given),
  })

  test.each<[string, () => unknown, string]>([
    ['at once', () => ({ title: 'Route' }), 'Route'],
    ['by a promise', () => Promise.resolve({ title: 'Route' }), 'Route'],
    ['by a promise of another kind', () => later({ title: 'Route' }), 'Route'],
    ['by one that has a title itself', () => later({ title: 'Route' }, { title: 'No' }), 'Route'],
    [
      'by one that has a title and comes to none',
      () => later({ body: 'No' }, { title: 'No' }),
      'Own',
    ],
    [
      'by throwing at once',
      () => {
        throw new Error('broken')
      },
      'Own',
    ],
  ])('%s is shown, with a middleware and without', async (_, notification, title) => {
    for (const isWrapped of [false, true]) {
      await using worker = await loadRoutedWorker((it) => {
        it.on('order', { notification } as never)
        return isWrapped ? it.use((__, next) => next()) : it
      })
      expect((await pushOne(worker, typed('order', '', { title: 'Own' }))).title).toBe(title)
    }
  })

  test('is waited for also where a script has put another `Promise` in place', async () => {
    vi.stubGlobal('Promise', class extends Promise<unknown> {})
    try {
      await using worker = await loadRoutedWorker((it) =>
        it.on('order', { notification: async () => ({ title: 'Route' }) }),
      )
      expect((await pushOne(worker, typed('order'))).title).toBe('Route')
    } finally {
      vi.unstubAllGlobals()
    }
  })
})
