import type { WorkerContext } from './worker-context.ts'
import type { WorkerPart } from './worker-part.ts'

const name = 'badge'

/**
 * Makes a part that keeps the number on the app's icon, where the browser has one (not Firefox): a
 * message's `appBadge`, else how many messages of the part `inbox` are unread. A page takes it away
 * with `navigator.clearAppBadge()`, or by way of its inbox.
 */
export function badge(): WorkerPart {
  return {
    name,
    shown({ message }, { appBadge, recipient }, context) {
      if (message.recipient === recipient && appBadge !== undefined) {
        return setAppBadge(appBadge, context)
      }
      return undefined
    },
  }
}

/** Puts how many are unread on the app's icon, where there is a part for it. */
export async function badgeUnread(unread: number, context: WorkerContext): Promise<void> {
  if (context.parts.some((part) => part.name === name)) await setAppBadge(unread, context)
}

async function setAppBadge(count: number, { scope }: WorkerContext): Promise<void> {
  await scope.navigator.setAppBadge?.(count)
}
