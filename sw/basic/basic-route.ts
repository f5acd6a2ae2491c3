import type { NotificationDescriptor } from '../notification.ts'
import type { RouteMessage } from '../route.ts'

/** What to do with the messages of one type. */
export interface BasicRoute {
  /**
   * Describes the notification for a message. The message is as it came: nothing has checked its data.
   * When it throws, gives something without a title, or takes longer than four fifths of the worker's
   * `deadlineMs`, the message's own notification is shown in its stead, else the fallback.
   */
  readonly notification: (
    message: RouteMessage<unknown>,
  ) => NotificationDescriptor | Promise<NotificationDescriptor>
}
