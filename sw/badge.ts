import { setAppBadge } from './app-badge.ts'
import type { WorkerPart } from './worker-part.ts'

/**
 * Makes a part that keeps the number on the app's icon, where the browser has one (not Firefox): a
 * message's `appBadge`, else how many messages of the part `inbox` are unread. A page takes it away
 * with `navigator.clearAppBadge()`, or by way of its inbox.
 */
export function badge(): WorkerPart {
  return {
    name: 'badge',
    shown({ message }, { appBadge, recipient }, { scope }) {
      const isOurs = message.recipient === recipient && appBadge !== undefined
      return isOurs ? setAppBadge(appBadge, scope) : undefined
    },
  }
}
