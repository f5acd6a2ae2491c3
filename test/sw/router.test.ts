import { describe, expect, expectTypeOf, test, vi } from 'vitest'
import { defineMessages, message } from '../../src/shared/message.ts'
import { createPushWorker, type PushWorker, type PushWorkerOptions } from '../../sw/index.ts'
import { home, keepRecord, loadPushWorker, ours, pushOne } from './load-push-worker.ts'
import { stopClock } from './stopped-clock.ts'

const messages = defineMessages({
  'chat.message': message<{ text: string }>(),
  'chat.room.opened': message<{ room: number }>(),
  order: message<string>(),
})
type Messages = typeof messages
type Worker = PushWorker<Messages>

const fallback = { title: 'Fallback' }

function load(routes: (worker: Worker) => unknown, options: PushWorkerOptions<Messages> = {}) {
  return loadPushWorker((scope) =>
    routes(createPushWorker({ messages, fallback, deadlineMs: 50, ...options }, scope)),
  )
}

const typed = (type: string, data?: unknown, own?: object) => ({
  notification: own,
  ...ours(type, data, { id: undefined }),
})
const says =
  (title: string) =>
  ({ type }: { type: string }) => ({ title: `${title} ${type}` })

describe('a route', () => {
  const loadAll = (options?: PushWorkerOptions<Messages>) =>
    load(
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
    await using worker = await load((it) =>
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
    await using worker = await load((it) =>
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
    await using worker = await load((it) =>
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
      await using worker = await load((it) => {
        it.on('order', { notification } as never)
        return isWrapped ? it.use((__, next) => next()) : it
      })
      expect((await pushOne(worker, typed('order', '', { title: 'Own' }))).title).toBe(title)
    }
  })

  test('is waited for also where a script has put another `Promise` in place', async () => {
    vi.stubGlobal('Promise', class extends Promise<unknown> {})
    try {
      await using worker = await load((it) =>
        it.on('order', { notification: async () => ({ title: 'Route' }) }),
      )
      expect((await pushOne(worker, typed('order'))).title).toBe('Route')
    } finally {
      vi.unstubAllGlobals()
    }
  })
})

describe('a middleware', () => {
  test('changes what routes describe, the first one outermost', async () => {
    await using worker = await load((it) =>
      it
        .use(async (_, next) => {
          const inner = await next()
          return { ...inner, title: `(${inner.title})` }
        })
        .use(async ({ type }, next) => ({ ...(await next()), title: `${type}!` }))
        .on('order', { notification: () => ({ title: 'Order', body: 'kept' }) }),
    )
    expect(await pushOne(worker, typed('order'))).toMatchObject({ title: '(order!)', body: 'kept' })
  })

  test('stands around the message’s own notification, and the fallback, too', async () => {
    await using worker = await load((it) =>
      it.use(async (_, next) => ({ ...(await next()), body: 'added' })),
    )
    const own = await pushOne(worker, typed('order', '', { title: 'Own' }))
    expect(own).toMatchObject({ title: 'Own', body: 'added' })
    expect(await pushOne(worker)).toMatchObject({ title: 'Fallback', body: 'added' })
  })

  test('may catch what a route throws', async () => {
    await using worker = await load((it) =>
      it
        .use((_, next) => next().catch((error: Error) => ({ title: error.message })))
        .on('order', { notification: () => Promise.reject(new Error('caught')) }),
    )
    expect((await pushOne(worker, typed('order'))).title).toBe('caught')
  })

  test.each<[string, () => unknown]>([
    ['throws', () => Promise.reject(new Error('broken'))],
    ['gives nothing', () => undefined],
    ['hangs', () => new Promise(() => undefined)],
  ])('that %s leaves the message’s own notification', async (_, middleware) => {
    await using worker = await load((it) =>
      it.use(middleware as never).on('order', { notification: says('route') }),
    )
    expect((await pushOne(worker, typed('order', '', { title: 'Own' }))).title).toBe('Own')
  })

  test('never sees what is for somebody else', async () => {
    const seen = vi.fn()
    await using worker = await load((it) => it.use(seen))
    await keepRecord({ recipient: 'bert' })
    await pushOne(worker, ours('order', 'secret', { recipient: 'anna' }))
    expect(seen).not.toHaveBeenCalled()
  })
})

describe('routes that are added late', () => {
  const own = { title: 'Own' }

  test('get the message that came before them, and are asked for once', async () => {
    const lateRoutes = vi.fn(async (it: Worker) => {
      await Promise.resolve()
      it.on('order', { notification: says('late') })
    })
    await using worker = await load(() => undefined, { lateRoutes })
    const pushes = [typed('order', '', own), typed('order', '', own)]
    const shown = await Promise.all(pushes.map((it) => pushOne(worker, it)))
    await pushOne(worker, typed('chat.message'))
    expect(shown.map(({ title }) => title)).toEqual(['late order', 'late order'])
    expect(lateRoutes).toHaveBeenCalledTimes(1)
  })

  test('do not hold up what has a route, and leave the rest to its own when they hang', async () => {
    const lateRoutes = vi.fn(() => new Promise(() => undefined))
    await using worker = await load((it) => it.on('order', { notification: says('early') }), {
      lateRoutes,
    })
    expect((await pushOne(worker, typed('order'))).title).toBe('early order')
    expect(lateRoutes).not.toHaveBeenCalled()
    expect((await pushOne(worker, typed('chat.message', '', own))).title).toBe('Own')
  })

  test('are asked for again when they failed, and the fallback route counts meanwhile', async () => {
    const lateRoutes = vi
      .fn<(it: Worker) => unknown>(() => {
        throw new Error('broken')
      })
      .mockName('lateRoutes')
    await using worker = await load((it) => it.on('*', { notification: says('any') }), {
      lateRoutes,
    })
    expect((await pushOne(worker, typed('order'))).title).toBe('any order')
    lateRoutes.mockImplementation((it) => it.on('order', { notification: says('late') }))
    expect((await pushOne(worker, typed('order'))).title).toBe('late order')
  })

  test('are whole or not there: a call that fails half way is made again', async () => {
    let calls = 0
    const lateRoutes = (it: Worker) => {
      calls += 1
      it.on('order', { notification: says('late') }).use(async (_, next) => {
        const { title } = await next()
        return { title: `${title}!` }
      })
      if (calls === 1) throw new Error('offline')
      it.on('chat.*', { notification: says('chat') })
    }
    await using worker = await load(() => undefined, { lateRoutes })
    expect((await pushOne(worker, typed('order', '', own))).title).toBe('Own')
    expect((await pushOne(worker, typed('order'))).title).toBe('late order!')
    expect((await pushOne(worker, typed('chat.message'))).title).toBe('chat chat.message!')
    expect(calls).toBe(2)
  })

  test('are asked for again when a call hung, and count once though both come to their end', async () => {
    using clock = stopClock()
    const ends: (() => void)[] = []
    const lateRoutes = vi.fn(async (it: Worker) => {
      it.on('order', { notification: says('late') })
      if (ends.length < 2) await new Promise<void>((resolve) => ends.push(resolve))
      it.on('chat.*', { notification: says('chat') })
    })
    await using worker = await load(() => undefined, { lateRoutes })
    for (let calls = 1; calls <= 2; calls++) {
      const pushing = pushOne(worker, typed('order', '', own))
      await clock.see(() => lateRoutes.mock.calls).toHaveLength(calls)
      await clock.pass(50)
      expect((await pushing).title).toBe('Own')
    }
    expect((await pushOne(worker, typed('order'))).title).toBe('late order')
    for (const end of ends) end()
    expect((await pushOne(worker, typed('chat.message'))).title).toBe('chat chat.message')
    expect(lateRoutes).toHaveBeenCalledTimes(3)
  })

  test('refuse a type that has a route already', async () => {
    const refused = vi.fn()
    const lateRoutes = (it: Worker) => {
      const add = () => it.on('order', { notification: says('late') })
      try {
        add()
      } catch (error) {
        refused(error)
      }
    }
    await using worker = await load((it) => it.on('order', { notification: says('early') }), {
      lateRoutes,
    })
    await pushOne(worker, typed('chat.message'))
    expect(refused).toHaveBeenCalledWith(expect.any(TypeError))
  })

  test('answer the click of a worker that was started by it', async () => {
    const clicked: unknown[] = []
    await using worker = await load(() => undefined, {
      lateRoutes: (it) =>
        it.on('order', {
          notification: says('late'),
          click: ({ data, open }) => {
            clicked.push(data)
            return open('/late')
          },
        }),
    })
    const shown = await pushOne(worker, typed('order', 'x'))
    await worker.restart()
    expect((await worker.click(shown)).opened).toEqual(['https://app.example/late'])
    expect(clicked).toEqual(['x'])
  })

  test('that hang leave a click in time to follow its URL', async () => {
    const lateRoutes = () => new Promise(() => undefined)
    await using worker = await loadPushWorker(
      (scope) => createPushWorker({ lateRoutes, deadlineMs: 50 }, scope),
      { engine: 'firefox' },
    )
    const shown = await pushOne(worker, typed('order', '', { ...own, navigate: '/a' }))
    expect((await worker.click(shown)).opened).toEqual(['https://app.example/a'])
  })
})
