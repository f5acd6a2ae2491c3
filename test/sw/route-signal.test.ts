import { expect, test, vi } from 'vitest'
import { createPushWorker } from '../../sw/index.ts'
import { loadPushWorker, ours } from './load-push-worker.ts'

test('a route is told when its time is over, and what it gives then is shown at once', async () => {
  const asked = vi.fn()
  await using worker = await loadPushWorker((scope) =>
    createPushWorker({ fallback: { title: 'Fallback' }, deadlineMs: 50 }, scope).on('chat', {
      notification: ({ signal }) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => {
            asked(signal.reason)
            resolve({ title: 'Without the details' })
          })
        }),
    }),
  )
  const { shown } = await worker.push(ours('chat'))
  expect(shown).toMatchObject([{ title: 'Without the details', silent: false }])
  expect(asked).toHaveBeenCalledWith(expect.objectContaining({ name: 'TimeoutError' }))
})
