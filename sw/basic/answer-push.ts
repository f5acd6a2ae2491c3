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
  { data: octets, notification: declared }: WorkerEvents['push'],
  context: BasicContext,
): Promise<void> {
  // Of a mutable declarative message without its octets: the browser shows it when nobody else does.
  if (!octets && declared) return
  const { home, deadlineMs, options, routes } = context
  const until = Date.now() + deadlineMs
  const plain = { title: new URL(home).host }
  const { fallback = plain, neutral = plain } = options
  const message = readBasicMessage(octets)
  const { id, type = '', data, text, recipient, expiresAt, stale, notification } = message
  if (recipient != null) return showBasic(neutral, id, until, context)
  const isStale = Number.isFinite(expiresAt) && (expiresAt as number) < Date.now()
  const own = isStale ? stale : notification
  let descriptor: NotificationDescriptor = isNotificationDescriptor(own)
    ? own
    : { ...fallback, ...(text && { body: text }) }
  if (!isStale) {
    const described = await withinMs(deadlineMs * 0.8, () =>
      routeFor(type, routes)?.notification({ id, type, data, notification }),
    )
    if (isNotificationDescriptor(described)) descriptor = described
  }
  return showBasic(descriptor, id, until, context)
}
