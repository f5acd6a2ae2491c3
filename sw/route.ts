import type {
  MessageData,
  MessageDefinitions,
  MessageType,
  StandardSchema,
} from '../src/shared/message.ts'
import type { ReceivedNotification } from '../src/shared/parse-message.ts'
import { isNotificationDescriptor, type NotificationDescriptor } from './notification.ts'

/** What to do with the messages of one type. */
export interface Route<Data> {
  /**
   * Describes the notification for a message. Called once a push, also when the message was
   * delivered before. When it throws, gives something without a title, or takes longer than the
   * worker's `deadlineMs`, the message's own notification is shown in its stead, else the fallback.
   */
  readonly notification: (
    message: RouteMessage<Data>,
  ) => NotificationDescriptor | Promise<NotificationDescriptor>
  /**
   * Takes the place of following `navigate`. Called once a click, in its activation window, also
   * when `notification` had failed and the message's own was shown. When it throws before it opened
   * anything, `navigate` is followed after all.
   */
  readonly click?: (click: RouteClick<Data>) => unknown
}

/** A message on its way to a notification. */
export interface RouteMessage<Data> {
  /** Checked by the type's schema, where it has one. */
  readonly data: Data
  readonly id?: string | undefined
  /** The message's own notification, when it carries one. */
  readonly notification?: ReceivedNotification | undefined
}

/** A click on a notification or one of its buttons. */
export interface RouteClick<Data> {
  readonly data: Data
  readonly id?: string | undefined
  /** The button's name; empty for the notification itself. */
  readonly action: string
  /** Where the click would lead, made safe. */
  readonly url: string
  /**
   * Focuses, navigates or opens a window. Call it first: what comes before it uses up the
   * activation window, one second in Firefox.
   *
   * @param url - Instead of where the click would lead; held to the same origins.
   */
  readonly open: (url?: string) => Promise<void>
}

/** The route of a message type. */
export type RouteFor<
  Definitions extends MessageDefinitions,
  Type extends MessageType<Definitions>,
> = Route<MessageData<Definitions[Type]>>

/**
 * Has a route describe the notification of a message.
 *
 * @throws Whatever the route throws; and when what it gives is no notification.
 */
export async function describeMessage(
  message: RouteMessage<unknown>,
  route: Route<unknown>,
): Promise<NotificationDescriptor> {
  const descriptor: unknown = await route.notification(message)
  if (isNotificationDescriptor(descriptor)) return descriptor
  throw new TypeError('A route must give a notification with a title.')
}

/**
 * Gives the data of a message as its schema makes it.
 *
 * @throws When it does not fit.
 */
export async function checkData(
  data: unknown,
  schema: StandardSchema | undefined,
): Promise<unknown> {
  if (!schema) return data
  const result = await schema['~standard'].validate(data)
  if (result.issues) throw new TypeError('The data of a message does not fit its schema.')
  return result.value
}
