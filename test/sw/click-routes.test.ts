import { describe, expect, test, vi } from 'vitest'
import type { StandardSchema } from '../../src/shared/message.ts'
import {
  createPushWorker,
  groups,
  posts,
  type PushWorkerOptions,
  type Route,
  type RouteClick,
} from '../../sw/index.ts'
import { home, keepRecord, loadPushWorker, ours, present, pushOne } from './load-push-worker.ts'

/** A worker with a route for all types, whose click opens nothing, and what that route was told. */
async function load(options: PushWorkerOptions = {}, route: Partial<Route<unknown>> = {}) {
  const click = vi.fn<(click: RouteClick<unknown>) => void>()
  const worker = await loadPushWorker(
    (scope) =>
      createPushWorker(options, scope).on('*', {
        notification: () => ({ title: 'Title', navigate: '/message' }),
        click,
        ...route,
      }),
    { fetch: async () => new Response(null, { status: 400 }) },
  )
  return { worker, click }
}

describe('the route for all types is told of a click on', () => {
  test('a message of any type', async () => {
    const { worker, click } = await load()
    await using _ = worker
    expect((await worker.click(await pushOne(worker, ours('chat', 1)))).opened).toEqual([])
    expect(click.mock.calls).toMatchObject([[{ type: 'chat', data: 1 }]])
  })

  test('a message without a type, and of its data', async () => {
    const { worker, click } = await load()
    await using _ = worker
    const untyped = { pushwell: { v: 1, id: 'm1', data: { n: 1 } } }
    expect((await worker.click(await pushOne(worker, untyped))).opened).toEqual([])
    expect(click.mock.calls).toMatchObject([[{ type: '', id: 'm1', data: { n: 1 } }]])
  })

  test('a push without anything', async () => {
    const { worker, click } = await load()
    await using _ = worker
    await worker.click(await pushOne(worker))
    expect(click).toHaveBeenCalledOnce()
  })
})

describe('no route is told of a click, which leads where the notification does, on', () => {
  test('a summary', async () => {
    const summary = () => ({ title: 'Two', navigate: '/chat' })
    const { worker, click } = await load({ parts: [groups({ chat: { apart: 0, summary } })] })
    await using _ = worker
    const shown = await pushOne(worker, ours('chat', {}, { group: 'chat' }))
    expect((await worker.click(shown)).opened).toEqual([`${home}chat`])
    expect(click).not.toHaveBeenCalled()
  })

  test('the neutral notification', async () => {
    const { worker, click } = await load({ neutral: { title: 'News', navigate: '/news' } })
    await using _ = worker
    const shown = await pushOne(worker, ours('chat', {}, { recipient: 'bert' }))
    expect((await worker.click(shown)).opened).toEqual([`${home}news`])
    expect(click).not.toHaveBeenCalled()
  })

  test('a message whose data does not fit', async () => {
    const validate = () => ({ issues: [{ message: 'wrong' }] })
    const schema: StandardSchema = { '~standard': { version: 1, vendor: 'test', validate } }
    const { worker, click } = await load({ messages: { chat: schema } })
    await using _ = worker
    const payload = { notification: { title: 'Own', navigate: '/own' }, ...ours('chat', {}) }
    expect((await worker.click(await pushOne(worker, payload))).opened).toEqual([`${home}own`])
    expect(click).not.toHaveBeenCalled()
  })

  test('one that comes too late', async () => {
    const { worker, click } = await load()
    await using _ = worker
    const expired = ours('chat', {}, { expiresAt: 1, stale: { title: 'Late', navigate: '/late' } })
    expect((await worker.click(await pushOne(worker, expired))).opened).toEqual([`${home}late`])
    expect(click).not.toHaveBeenCalled()
  })

  test('what says that a request has failed', async () => {
    const actions = [{ action: 'like', title: 'Like', post: { url: '/like' } }]
    const { worker, click } = await load(
      { parts: [posts({ failed: { title: 'Not sent', navigate: '/failed' } })] },
      { notification: () => ({ title: 'Title', actions }) },
    )
    await using _ = worker
    await keepRecord({ recipient: 'anna' })
    await worker.click(await pushOne(worker, ours('chat')), 'like')
    expect(click).toHaveBeenCalledOnce()
    const { opened } = await worker.click(present(worker.notifications[0]))
    expect(opened).toEqual([`${home}failed`])
    expect(click).toHaveBeenCalledOnce()
  })
})
