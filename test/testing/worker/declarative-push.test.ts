import { describe, expect, test } from 'vitest'
import type {
  FakeWorkerEvents,
  FakeWorkerScope,
  WorkerEngine,
} from '../../../src/testing/worker/index.ts'
import { running } from './running-worker.ts'

type PushEvent = FakeWorkerEvents['push']

describe('a declarative message', () => {
  const message = {
    web_push: 8030,
    app_badge: 3,
    notification: { title: 'Declared', navigate: '/there' },
  }
  const replacing = (self: FakeWorkerScope) => self.registration.showNotification('By the worker')

  test('is shown without the worker in WebKit alone', async () => {
    const engines: readonly WorkerEngine[] = ['chromium', 'firefox', 'webkit']
    const found = engines.map(async (engine) => {
      await using worker = await running(replacing, { engine })
      const { handled, shown } = await worker.push(message)
      return [handled, shown[0]?.title, shown[0]?.source, worker.badge]
    })
    expect(await Promise.all(found)).toEqual([
      [true, 'By the worker', 'worker', null],
      [true, 'By the worker', 'worker', null],
      [false, 'Declared', 'declarative', 3],
    ])
  })

  test('that is mutable is handed to the worker, and shown when it shows nothing', async () => {
    const proposed: unknown[] = []
    const looking = (_: FakeWorkerScope, { notification }: PushEvent) => {
      proposed.push(notification?.title)
    }
    await using worker = await running(looking, { engine: 'webkit' })
    const result = await worker.push({ ...message, mutable: true })
    expect(result).toMatchObject({ handled: true, penalty: 'none', shown: [{ title: 'Declared' }] })
    expect(proposed).toEqual(['Declared'])
    await using other = await running(replacing, { engine: 'webkit' })
    const { shown } = await other.push({ ...message, mutable: true })
    expect(shown.map(({ title }) => title)).toEqual(['By the worker'])
  })

  test('leads where it says without an event', async () => {
    await using worker = await running(() => undefined, { engine: 'webkit' })
    const { shown } = await worker.push(message)
    const [notification] = shown
    if (!notification) throw new Error('Nothing was shown.')
    expect(await worker.click(notification)).toMatchObject({
      handled: false,
      opened: ['https://app.example/there'],
    })
    expect(worker.windows).toMatchObject([{ url: 'https://app.example/there', focused: true }])
  })

  test.each([
    ['no title', { notification: { navigate: '/' } }],
    ['no navigate', { notification: { title: 'a' } }],
    ['a body that is no text', { notification: { title: 'a', navigate: '/', body: 1 } }],
    ['a badge that is no number', { app_badge: -1 }],
    ['another magic number', { web_push: '8030' }],
  ])('with %s is an ordinary push', async (_, change) => {
    await using worker = await running(replacing, { engine: 'webkit' })
    expect(await worker.push({ ...message, ...change })).toMatchObject({ handled: true })
  })
})
