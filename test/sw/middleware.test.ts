import { describe, expect, test, vi } from 'vitest'
import { keepRecord, ours, pushOne } from './load-push-worker.ts'
import { loadRoutedWorker, says, typed } from './routed-worker.ts'

describe('a middleware', () => {
  test('changes what routes describe, the first one outermost', async () => {
    await using worker = await loadRoutedWorker((it) =>
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
    await using worker = await loadRoutedWorker((it) =>
      it.use(async (_, next) => ({ ...(await next()), body: 'added' })),
    )
    const own = await pushOne(worker, typed('order', '', { title: 'Own' }))
    expect(own).toMatchObject({ title: 'Own', body: 'added' })
    expect(await pushOne(worker)).toMatchObject({ title: 'Fallback', body: 'added' })
  })

  test('may catch what a route throws', async () => {
    await using worker = await loadRoutedWorker((it) =>
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
    await using worker = await loadRoutedWorker((it) =>
      it.use(middleware as never).on('order', { notification: says('route') }),
    )
    expect((await pushOne(worker, typed('order', '', { title: 'Own' }))).title).toBe('Own')
  })

  test('never sees what is for somebody else', async () => {
    const seen = vi.fn()
    await using worker = await loadRoutedWorker((it) => it.use(seen))
    await keepRecord({ recipient: 'bert' })
    await pushOne(worker, ours('order', 'secret', { recipient: 'anna' }))
    expect(seen).not.toHaveBeenCalled()
  })
})
