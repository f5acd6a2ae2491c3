import type { RegistrationRecord } from '../../src/shared/registration-record.ts'
import type { LoadWorkerOptions } from '../../src/testing/worker/index.ts'
import { createPushWorker, type WorkerScope } from '../../sw/index.ts'
import {
  type Backend,
  createBackend,
  keepRecord,
  listen,
  loadPushWorker,
  makeKey,
  present,
} from './load-push-worker.ts'

/** The key of its subscription. */
export const key = makeKey()

interface Setting extends LoadWorkerOptions {
  readonly backend?: Backend
  readonly record?: Partial<RegistrationRecord>
  /** Runs before our own listener is added. */
  readonly before?: (scope: WorkerScope) => void
}

/** A worker with a subscription that the backend knows. */
export async function loadSubscribedWorker({
  backend = createBackend(),
  record,
  before,
  ...options
}: Setting = {}) {
  const headers = () => ({ authorization: 'Bearer t' })
  const worker = await loadPushWorker(
    (scope) => {
      before?.(scope)
      createPushWorker({ headers }, scope)
    },
    { applicationServerKey: key, fetch: backend.fetch, ...options },
  )
  const subscription = present(worker.subscription)
  await keepRecord({
    enabled: true,
    hold: { subscription, applicationServerKey: key, since: 0 },
    mayHold: [subscription.endpoint],
    syncUrl: 'https://app.example/push',
    ...record,
  })
  return { worker, backend, old: subscription.endpoint, heard: listen() }
}
