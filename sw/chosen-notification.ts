import type { MessageIdentity, NotificationDescriptor } from './notification.ts'

/** What to show for a message. */
export interface ChosenNotification {
  readonly descriptor: NotificationDescriptor
  /** What its click and the pages may know of the message. */
  readonly message: MessageIdentity
  /** What describes the message alone, where the notification stands for more. */
  readonly own?: NotificationDescriptor
  /** Set when the message was shown before, and is shown again as the browser excuses no silent push. */
  readonly again?: true
  /** Set when a page took the message: nothing is shown. */
  readonly taken?: true
}
