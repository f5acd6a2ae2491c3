import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createPushWorker } from '../../sw/index.ts'
import type { NotificationDetails } from '../../sw/worker-scope.ts'
import { loadPushWorker, ours, present } from './load-push-worker.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] })
})

afterEach(() => {
  vi.useRealTimers()
})

/** A worker whose pictures load when they are released. */
async function startWorker(engine: 'chromium' | 'firefox') {
  const loading: (() => Promise<void>)[] = []
  const shown: string[] = []
  const worker = await loadPushWorker(
    (scope) => {
      const { registration } = scope
      const show = registration.showNotification.bind(registration)
      const showNotification = (title: string, details: NotificationDetails) => {
        shown.push(title)
        return show(title, details)
      }
      Object.assign(registration, {
        showNotification: (title: string, details: NotificationDetails) =>
          details.icon
            ? new Promise<void>((resolve, reject) => {
                loading.push(async () => {
                  await showNotification(title, details).then(resolve, reject)
                })
              })
            : showNotification(title, details),
      })
      createPushWorker({ deadlineMs: 30 }, scope).on('chat', {
        notification: ({ data }) => data as { title: string },
      })
    },
    { engine },
  )
  const onScreen = () =>
    worker.notifications.map(({ title, icon, silent }) => [title, icon !== '', silent === true])
  return {
    worker,
    shown,
    onScreen,
    push: (data: object, id: string) => worker.push(ours('chat', data, { id })),
    /** Has all pictures come now. */
    async load() {
      await Promise.all(loading.splice(0).map((finish) => finish()))
    },
    [Symbol.asyncDispose]: () => worker[Symbol.asyncDispose](),
  }
}

const pictured = (title: string) => ({ title, tag: 'chat', icon: '/icon.png' })

describe.each(['chromium', 'firefox'] as const)(
  'in %s, a try whose pictures come late',
  (engine) => {
    test('takes the place of what was shown without them', async () => {
      await using place = await startWorker(engine)
      await place.push(pictured('First'), 'm1')
      expect(place.onScreen()).toEqual([['First', false, false]])
      vi.setSystemTime(Date.now() + 5000)
      await place.load()
      await vi.waitFor(() => expect(place.onScreen()).toEqual([['First', true, false]]), 10_000)
    })

    test('is taken back when the user had dismissed that', async () => {
      await using place = await startWorker(engine)
      await place.push(pictured('First'), 'm1')
      vi.setSystemTime(Date.now() + 5000)
      await place.worker.close(present(place.worker.notifications[0]))
      vi.setSystemTime(Date.now() + 5000)
      await place.load()
      await vi.waitFor(() => expect(place.onScreen()).toEqual([]), 10_000)
      expect(place.shown).toEqual(['First', 'First'])
    })

    test('is taken back when that was clicked', async () => {
      await using place = await startWorker(engine)
      await place.push(pictured('First'), 'm1')
      await place.worker.click(present(place.worker.notifications[0]))
      await place.load()
      await vi.waitFor(() => expect(place.onScreen()).toEqual([]), 10_000)
      expect(place.shown).toEqual(['First', 'First'])
    })

    test('gives way, without a sound, to a message that came after it', async () => {
      await using place = await startWorker(engine)
      await place.push(pictured('First'), 'm1')
      await place.push({ title: 'Second', tag: 'chat' }, 'm2')
      vi.setSystemTime(Date.now() + 5000)
      await place.load()
      await vi.waitFor(() => expect(place.onScreen()).toEqual([['Second', false, true]]), 10_000)
      expect(place.shown).toEqual(['First', 'Second', 'First', 'Second'])
    })
  },
)
