import type { WorkerEngine } from '../../src/testing/worker/index.ts'
import {
  badge,
  createPushWorker,
  groups,
  inbox,
  type InboxOptions,
  type InboxPart,
  type WorkerPart,
} from '../../sw/index.ts'
import type { WorkerContext } from '../../sw/worker-context.ts'
import { loadPushWorker, ours, present } from './load-push-worker.ts'

/** A worker with an inbox, and the inbox as the worker's own code reads it, also after a restart. */
export async function loadInboxWorker(
  engine: WorkerEngine = 'chromium',
  options?: InboxOptions,
  ...more: readonly WorkerPart[]
) {
  const held: { part?: InboxPart; context?: WorkerContext } = {}
  const start = (context: WorkerContext) => void (held.context = context)
  const summary = ({ count }: { count: number }) => ({ title: `${count} messages` })
  const worker = await loadPushWorker(
    (scope) => {
      const part = (held.part = inbox(options))
      const parts = [
        groups({ '*': { apart: 1, summary } }),
        badge(),
        part,
        { name: 'look', start },
        ...more,
      ]
      createPushWorker({ parts, neutral: { title: 'Neutral' } }, scope).on('chat', {
        notification: ({ id, data }) => ({
          title: `Title ${id}`,
          body: 'Body',
          navigate: `chat/${id}`,
          ...(data as object),
        }),
      })
    },
    { engine },
  )
  const box = () => present(held.part)
  const ids = async () => (await box().list()).map(({ id }) => id)
  const context = () => held.context
  return { worker, box, ids, context, [Symbol.asyncDispose]: () => worker[Symbol.asyncDispose]() }
}

/** A message that is shown under its id. */
export const chat = (id: string, more?: object, data?: object) =>
  ours('chat', data, { id, ...more })
