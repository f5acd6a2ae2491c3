import { withDeadline } from '../src/shared/deadline.ts'
import { readClickRecord } from './notification.ts'
import { shownKey } from './shown-log.ts'
import { timeoutMs } from './tell-backend.ts'
import type { WorkerContext } from './worker-context.ts'

/**
 * Writes down of each message whose notification the user has clicked or dismissed that it was
 * shown: the worker may have been ended right after it showed it, and a copy that comes later would
 * be taken for the first.
 */
export function confirmSeen({ home, scope, shownLog }: WorkerContext): void {
  for (const type of ['notificationclick', 'notificationclose'] as const) {
    scope.addEventListener(type, (event) => {
      const { id, recipient } = readClickRecord(event.notification.data) ?? {}
      if (id === undefined) return
      const confirming = shownLog.confirm(shownKey(home, id, recipient), Date.now())
      event.waitUntil(withDeadline(confirming, timeoutMs, 'IndexedDB').catch(() => undefined))
    })
  }
}
