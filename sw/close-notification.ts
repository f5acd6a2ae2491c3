import type { ClickRecord } from './notification.ts'
import type { WorkerContext } from './worker-context.ts'
import type { WorkerNotification } from './worker-scope.ts'

/** Milliseconds in which Firefox tells that it was closed; the user may close it later, shown again. */
const toldMs = 2000

/**
 * Closes a notification of ours, so that this is not taken for the user's dismissal: Firefox tells of
 * the two alike.
 */
export function closeNotification(
  notification: WorkerNotification | undefined,
  { id }: ClickRecord,
  { ended }: Pick<WorkerContext, 'ended'>,
): void {
  if (id) {
    ended.add(id)
    setTimeout(() => ended.delete(id), toldMs)
  }
  notification?.close()
}
