import type {
  MessageData,
  MessageDefinitions,
  MessageType,
  StandardSchema,
} from '../src/shared/message.ts'
import type { ReceivedMessage, ReceivedNotification } from '../src/shared/parse-message.ts'
import { isNotificationDescriptor, type NotificationDescriptor } from './notification.ts'

/** What to do with the messages of one type. */
export interface Route<Data> {
  /**
   * Describes the notification for a message. Called once a push. When it
   * throws, gives something without a title, or takes longer than the worker's `deadlineMs`, the
   * message's own notification is shown in its stead, else the fallback.
   */
  readonly notification: (
    message: RouteMessage<Data>,
  ) => NotificationDescriptor | Promise<NotificationDescriptor>
  /**
   * Takes the place of following `navigate`. Called once a click, in its activation window. When
   * it throws before it opened anything, `navigate` is followed after all.
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

/** A notification, and the data that it was made from. */
export interface DescribedMessage {
  readonly descriptor: NotificationDescriptor
  /** As the schema gave it. */
  readonly data: unknown
}

/**
 * Has a route describe the notification of a message, its data checked first.
 *
 * @throws Whatever the route throws; and when the data does not fit the schema, or what the route
 * gives is no notification.
 */
export async function describeMessage(
  message: ReceivedMessage,
  route: Route<unknown>,
  schema: StandardSchema | undefined,
): Promise<DescribedMessage> {
  const { id, notification } = message
  const data = schema ? await checked(schema, message.data) : message.data
  const descriptor: unknown = await route.notification({ data, id, notification })
  if (isNotificationDescriptor(descriptor)) return { descriptor, data }
  throw new TypeError('A route must give a notification with a title.')
}

async function checked(schema: StandardSchema, data: unknown): Promise<unknown> {
  const result = await schema['~standard'].validate(data)
  if (result.issues) throw new TypeError('The data of a message does not fit its schema.')
  return result.value
}
