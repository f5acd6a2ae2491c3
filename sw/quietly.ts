import type { NotificationDescriptor } from './notification.ts'

/** Describes the same notification without a sound or a vibration. */
export function quietly(descriptor: NotificationDescriptor): NotificationDescriptor {
  const { vibrate: _vibrate, ...quiet } = { ...descriptor, silent: true, renotify: false }
  return quiet
}
