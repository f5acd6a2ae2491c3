import type { NotificationDescriptor } from '../notification.ts'
import type { ReceivedNotification } from '../../src/shared/parse-message.ts'

/** What to do with the messages of one type. */
export interface BasicRoute {
  /**
   * Describes the notification for a message. When it throws, gives something without a title, or
   * takes longer than four fifths of the worker's `deadlineMs`, the message's own notification is shown
   * in its stead, else the fallback; what it gives later is dropped.
   */
  readonly notification: (
    message: BasicRouteMessage,
  ) => NotificationDescriptor | Promise<NotificationDescriptor>
}

/** A message on its way to a notification, as it came: nothing of it has been checked. */
export interface BasicRouteMessage {
  /** Empty for a message that has none. */
  readonly type: string
  readonly data: unknown
  readonly id?: string | undefined
  /** The message's own notification, when it carries one. */
  readonly notification?: ReceivedNotification | undefined
}
