import { expect } from 'vitest'
import type { WorkerWindowOptions } from '../../src/testing/worker/index.ts'
import { createPushWorker, type NotificationDescriptor, type Route } from '../../sw/index.ts'
import { loadPushWorker, ours, pushOne } from './load-push-worker.ts'

interface Clicked {
  readonly notification?: Partial<NotificationDescriptor>
  readonly click?: Route<unknown>['click']
  readonly action?: string
  readonly windows?: readonly WorkerWindowOptions[]
}

/** Shows a notification with a route and clicks it. */
export async function clickShown({ notification, click: onClick, action, windows = [] }: Clicked) {
  await using worker = await loadPushWorker(
    (scope) =>
      createPushWorker({ allowedOrigins: ['https://partner.example/'] }, scope).on('any', {
        notification: () => ({ title: 'Title', ...notification }),
        ...(onClick && { click: onClick }),
      }),
    { windows },
  )
  const result = await worker.click(await pushOne(worker, ours('any', { n: 1 })), action)
  expect(result).not.toHaveProperty('failed')
  return { ...result, windows: worker.windows.map(({ url, focused }) => ({ url, focused })) }
}
