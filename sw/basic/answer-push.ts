import { isNotificationDescriptor, type NotificationDescriptor } from '../notification.ts'
import type { WorkerEvents } from '../worker-scope.ts'
import type { BasicContext } from './basic-context.ts'
import { readBasicMessage } from './read-basic-message.ts'
import { routeFor } from './route-for.ts'
import { showBasic } from './show-basic.ts'
import { withinMs } from './within-ms.ts'

/**
 * Shows the one notification of a push: the neutral one for a message that is for somebody, else its
 * route's, its own, or the fallback.
 */
export async function answerPush(
  octets: WorkerEvents['push']['data'],
  context: BasicContext,
): Promise<void> {
  const { home, deadlineMs, options, routes } = context
  const plain = { title: new URL(home).host }
  const { fallback = plain, neutral = plain } = options
  const { id, type = '', data, text, ...received } = readBasicMessage(octets)
  const { recipient = null, expiresAt = Infinity, stale, notification } = received
  if (recipient !== null) return showBasic(neutral, { id }, context)
  const isStale = expiresAt < Date.now()
  const own = isStale ? stale : notification
  let descriptor: NotificationDescriptor = isNotificationDescriptor(own)
    ? own
    : { ...fallback, ...(text && { body: text }) }
  const describe = () => {
    const signal = AbortSignal.timeout(deadlineMs * 0.7)
    return routeFor(type, routes)?.notification({ id, type, data, notification, signal })
  }
  if (!isStale) {
    const described = await withinMs(deadlineMs * 0.8, describe)
    if (isNotificationDescriptor(described)) descriptor = described
  }
  return showBasic(descriptor, { id, type, data }, context)
}
