import { afterEach, expect, test, vi } from 'vitest'
import { createPushWorker, type WorkerPart } from '../../sw/index.ts'
import { loadPushWorker, ours, present } from './load-push-worker.ts'

afterEach(() => {
  vi.useRealTimers()
})

test.each(['chromium', 'firefox', 'webkit'] as const)(
  'in %s, a click is told as no dismissal, and the dismissal of the same message shown again is',
  async (engine) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], shouldAdvanceTime: true })
    const closed: unknown[] = []
    const look: WorkerPart = { name: 'look', closed: ({ id }) => closed.push(id) }
    await using worker = await loadPushWorker(
      (scope) => createPushWorker({ parts: [look], fallback: { title: 'News' } }, scope),
      { engine },
    )
    await worker.push(ours('chat'))
    await worker.click(present(worker.notifications[0]))
    expect(closed).toEqual([])
    await vi.advanceTimersByTimeAsync(3000)
    await worker.push(ours('chat'))
    await worker.close(present(worker.notifications[0]))
    expect(closed).toEqual(['m1'])
  },
)
