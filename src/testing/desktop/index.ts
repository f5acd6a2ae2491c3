export { startDesktop } from './desktop.ts'
export type {
  Desktop,
  DesktopOptions,
  DesktopWaitForOptions,
  DesktopWaitOptions,
} from './desktop.ts'
export type {
  DesktopAction,
  DesktopIcon,
  DesktopNotification,
  DesktopNotificationEnd,
} from './desktop-notification.ts'
