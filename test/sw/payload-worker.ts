import type { WorkerEngine } from '../../src/testing/worker/index.ts'
import { createPushWorker, type PushWorker, type PushWorkerOptions } from '../../sw/index.ts'
import { loadPushWorker } from './load-push-worker.ts'

const fallback = { title: 'Acme' }

/** A worker that shows `Acme` for what it cannot read. */
export function loadPayloadWorker(
  options: PushWorkerOptions = {},
  engine?: WorkerEngine,
  routes?: (worker: PushWorker) => unknown,
) {
  return loadPushWorker((scope) => {
    const worker = createPushWorker({ fallback, deadlineMs: 200, ...options }, scope)
    routes?.(worker)
  }, engine && { engine })
}

/** Gives a text as a push brings it. */
export function bytesOf(text: string): ArrayBuffer {
  return new TextEncoder().encode(text).buffer
}
