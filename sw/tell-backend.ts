import { withDeadline } from '../src/shared/deadline.ts'
import { drainOutbox } from '../src/shared/drain-outbox.ts'
import { nextRequest } from '../src/shared/outbox.ts'
import type { RegistrationRecord } from '../src/shared/registration-record.ts'
import type { DrainReason } from '../src/shared/sync-retry.ts'
import { createHttpTransport } from '../src/shared/sync-transport.ts'
import { tellPages } from './tell-pages.ts'
import type { WorkerContext } from './worker-context.ts'

/** Milliseconds for one step; the browser ends the worker some time after. */
export const timeoutMs = 10_000

/**
 * Tells the backend what it does not know yet, when there is anything, the page said where it is,
 * and it may be tried now. Never rejects.
 *
 * @returns The record afterwards; `undefined` when telling is not the worker's business.
 */
export async function tellBackend(
  reason: DrainReason,
  { home, records, options, scope }: WorkerContext,
): Promise<RegistrationRecord | undefined> {
  const record = await withDeadline(records.get(home), timeoutMs, 'IndexedDB').catch(
    () => undefined,
  )
  const { syncUrl: url } = record ?? {}
  if (!record || url === undefined) return undefined
  const now = Date.now()
  if (!nextRequest(record, now, now)) return record
  const transport = createHttpTransport({ url, headers: options.headers, fetch })
  const { locks } = scope.navigator
  const told = await drainOutbox(home, reason, { records, transport, locks, timeoutMs })
  // Whoever has changed something tells of it all.
  if (reason !== 'change') tellPages({ pushwell: 1, scope: home, kind: 'changed' })
  return told
}
