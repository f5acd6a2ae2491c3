import { createDatabaseConnection } from '../../src/shared/database-connection.ts'
import type { LoadWorkerOptions, WorkerEngine } from '../../src/testing/worker/index.ts'
import {
  createPushWorker,
  type NotificationDescriptor,
  type PushWorkerOptions,
} from '../../sw/index.ts'
import { loadPushWorker, ours } from './load-push-worker.ts'

const neutral = { title: 'Neutral' }

/** A worker whose route shows a message under its id. */
export function loadRepeatWorker(
  engine: WorkerEngine,
  more: Partial<NotificationDescriptor> = {},
  { around, options }: { around?: LoadWorkerOptions; options?: PushWorkerOptions } = {},
) {
  return loadPushWorker(
    (scope) =>
      createPushWorker({ neutral, ...options }, scope).on('chat', {
        notification: ({ id }) => ({ title: String(id), ...more }),
      }),
    { engine, ...around },
  )
}

/** Such a worker. */
export type Worker = Awaited<ReturnType<typeof loadRepeatWorker>>

/** A message of that route. */
export const chat = (id: string, more?: object) => ours('chat', undefined, { id, ...more })

/** What is stored of messages. */
export const stored = () =>
  createDatabaseConnection().use((open) => open.transaction('messages').store.getAll())
