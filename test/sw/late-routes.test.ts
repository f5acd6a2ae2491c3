import { describe, expect, test, vi } from 'vitest'
import { createPushWorker } from '../../sw/index.ts'
import { loadPushWorker, pushOne } from './load-push-worker.ts'
import { stopClock } from './stopped-clock.ts'
import { loadRoutedWorker, says, typed, type Worker } from './routed-worker.ts'

describe('routes that are added late', () => {
  const own = { title: 'Own' }

  test('get the message that came before them, and are asked for once', async () => {
    const lateRoutes = vi.fn(async (it: Worker) => {
      await Promise.resolve()
      it.on('order', { notification: says('late') })
    })
    await using worker = await loadRoutedWorker(() => undefined, { lateRoutes })
    const pushes = [typed('order', '', own), typed('order', '', own)]
    const shown = await Promise.all(pushes.map((it) => pushOne(worker, it)))
    await pushOne(worker, typed('chat.message'))
    expect(shown.map(({ title }) => title)).toEqual(['late order', 'late order'])
    expect(lateRoutes).toHaveBeenCalledTimes(1)
  })

  test('do not hold up what has a route, and leave the rest to its own when they hang', async () => {
    const lateRoutes = vi.fn(() => new Promise(() => undefined))
    await using worker = await loadRoutedWorker(
      (it) => it.on('order', { notification: says('early') }),
      {
        lateRoutes,
      },
    )
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
    await using worker = await loadRoutedWorker((it) => it.on('*', { notification: says('any') }), {
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
    await using worker = await loadRoutedWorker(() => undefined, { lateRoutes })
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
    await using worker = await loadRoutedWorker(() => undefined, { lateRoutes })
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
    await using worker = await loadRoutedWorker(
      (it) => it.on('order', { notification: says('early') }),
      {
        lateRoutes,
      },
    )
    await pushOne(worker, typed('chat.message'))
    expect(refused).toHaveBeenCalledWith(expect.any(TypeError))
  })

  test('answer the click of a worker that was started by it', async () => {
    const clicked: unknown[] = []
    await using worker = await loadRoutedWorker(() => undefined, {
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
