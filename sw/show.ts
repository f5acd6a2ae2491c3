import {
  type MessageIdentity,
  type NotificationDescriptor,
  notificationArguments,
} from './notification.ts'
import type { WorkerScope } from './worker-scope.ts'

/**
 * Shows one notification, whatever it takes: should the browser refuse it (an option that it does
 * not like, data that cannot be cloned), again without options that may be why, and at last with
 * the title and where a click leads alone.
 */
export async function show(
  { registration }: WorkerScope,
  descriptor: NotificationDescriptor,
  message: MessageIdentity,
): Promise<void> {
  const { title, body, tag, navigate } = descriptor
  const essential: NotificationDescriptor = {
    title,
    ...(typeof body === 'string' && { body }),
    ...(typeof tag === 'string' && { tag }),
    ...(typeof navigate === 'string' && { navigate }),
  }
  try {
    await registration.showNotification(...notificationArguments(descriptor, message))
  } catch {
    try {
      await registration.showNotification(...notificationArguments(essential, message))
    } catch {
      await registration.showNotification(...notificationArguments({ title }, {}))
    }
  }
}
