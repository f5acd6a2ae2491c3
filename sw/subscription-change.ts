import { createBackendLink, lockName } from '../src/shared/backend-link.ts'
import { withDeadline } from '../src/shared/deadline.ts'
import type { RegistrationRecords } from '../src/shared/registration-record.ts'
import { createHttpTransport } from '../src/shared/sync-transport.ts'
import type { WorkerEvents, WorkerScope } from './worker-scope.ts'

/** Milliseconds for each step; the browser ends the worker some time after. */
const timeoutMs = 10_000

/**
 * Subscribes again when the browser says that the subscription changed, and puts the new one in
 * the backend in the old one's place.
 *
 * The event itself is only a hint: Firefox gives the old subscription and never the new one,
 * Chromium neither. So the key comes from what the page stored. Should the backend not answer, the
 * page tells it when it is next opened.
 */
export async function renewSubscription(
  event: WorkerEvents['pushsubscriptionchange'],
  scope: WorkerScope,
  records: RegistrationRecords,
  headers: (() => HeadersInit | Promise<HeadersInit>) | undefined,
): Promise<void> {
  const { navigator, registration } = scope
  const renew = async () => {
    const record = await records.get(registration.scope)
    const { applicationServerKey, syncUrl } = record ?? {}
    if (!record?.enabled || applicationServerKey === undefined) return
    const { pushManager } = registration
    const options = { userVisibleOnly: true, applicationServerKey } as const
    const held = await withDeadline(pushManager.getSubscription(), timeoutMs, 'getSubscription()')
    const subscription =
      held ?? (await withDeadline(pushManager.subscribe(options), timeoutMs, 'subscribe()'))
    if (syncUrl === undefined) return
    const transport = createHttpTransport({ url: syncUrl, headers, timeoutMs, fetch })
    const link = createBackendLink(transport, records, navigator.language, timeoutMs)
    const mayHold = new Set(record.mayHold)
    if (event.oldSubscription) mayHold.add(event.oldSubscription.endpoint)
    await link.sync({ ...record, mayHold: [...mayHold] }, subscription)
  }
  await (navigator.locks ? navigator.locks.request(lockName, renew) : renew())
}
