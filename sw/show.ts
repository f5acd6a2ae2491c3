import {
  type MessageIdentity,
  type NotificationDescriptor,
  notificationArguments,
} from './notification.ts'
import type { WorkerScope } from './worker-scope.ts'

/**
 * Shows one notification, whatever it takes: should the browser refuse it (an option that it does
 * not like, data that cannot be cloned), again without what may be why, and at last with the title
 * and where a click leads alone.
 *
 * @throws What the browser says to the last try: there is no permission.
 */
export async function show(
  { registration }: WorkerScope,
  descriptor: NotificationDescriptor,
  message: MessageIdentity,
): Promise<void> {
  const { title, body, tag, navigate } = descriptor
  const { id, recipient } = message
  const least: NotificationDescriptor = {
    title,
    ...((typeof navigate === 'string' || navigate === null) && { navigate }),
  }
  const text: NotificationDescriptor = {
    ...least,
    ...(typeof body === 'string' && { body }),
    ...(typeof tag === 'string' && { tag }),
  }
  const attempt = async (what: NotificationDescriptor, identity: MessageIdentity) =>
    registration.showNotification(...notificationArguments(what, identity))
  await attempt(descriptor, message)
    .catch(() => attempt(text, { id, recipient }))
    .catch(() => attempt(least, { recipient }))
}
