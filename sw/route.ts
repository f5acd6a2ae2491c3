import type {
  MessageAction,
  MessageData,
  MessageDefinitions,
  MessageType,
  StandardSchema,
} from '../src/shared/message.ts'
import type { ReceivedNotification } from '../src/shared/parse-message.ts'
import type { NotificationAction, NotificationDescriptor } from './notification.ts'

/** What to do with the messages of one type. */
export interface Route<Data> {
  /**
   * Describes the notification for a message. Called once a push, also when the message was
   * delivered before. When it throws, gives something without a title, or takes longer than four
   * fifths of the worker's `deadlineMs`, the message's own notification is shown in its stead, else
   * the fallback. What it gives later replaces that without a sound, within eight deadlines, as long
   * as it is on the screen; not in WebKit.
   */
  readonly notification: (
    message: RouteMessage<Data>,
  ) => NotificationDescriptor | Promise<NotificationDescriptor>
  /**
   * Takes the place of following `navigate`. Called once a click, in its activation window, also
   * when `notification` had failed and the message's own was shown; not where that stands for no
   * message that a route may see: a summary, the neutral one, one whose data did not fit. When it throws before it opened
   * anything, `navigate` is followed after all.
   */
  readonly click?: (click: RouteClick<Data>) => unknown
}

/** A message on its way to a notification. */
export interface RouteMessage<Data, Type extends string = string> {
  /** Empty for a message that has none. */
  readonly type: Type
  /** Checked by the type's schema, where it has one. */
  readonly data: Data
  readonly id?: string | undefined
  /** The message's own notification, when it carries one. */
  readonly notification?: ReceivedNotification | undefined
  /**
   * Aborts when seven tenths of `deadlineMs` are over: for a `fetch`, so that the route can still
   * give what it has. One that goes on has its result put in the place of what was shown meanwhile.
   */
  readonly signal: AbortSignal
}

/** A click on a notification or one of its buttons. */
export interface RouteClick<Data, Type extends string = string, Action extends string = string> {
  /** Empty for a message that has none. */
  readonly type: Type
  readonly data: Data
  readonly id?: string | undefined
  /** The button's name; empty for the notification itself. */
  readonly action: Action | ''
  /** What the user has written in the notification's text field, where browsers have one. */
  readonly reply?: string | undefined
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

/** What has a route: a type, all types that begin with a prefix, or all that have no other route. */
export type RoutePattern<Definitions extends MessageDefinitions> =
  | MessageType<Definitions>
  | PrefixOf<MessageType<Definitions>>
  | '*'

/** `a.*` and `a.b.*` for `a.b.c`. */
type PrefixOf<Type extends string> = Type extends `${infer Head}.${infer Tail}`
  ? `${Head}.${'*' | PrefixOf<Tail>}`
  : never

/** The message types that a pattern takes. */
type TypeFor<Definitions extends MessageDefinitions, Pattern> = Pattern extends `${infer Prefix}*`
  ? Extract<MessageType<Definitions>, `${Prefix}${string}`>
  : Pattern & MessageType<Definitions>

/** The route of a pattern: it is given the messages of each type that the pattern takes. */
export type RouteFor<
  Definitions extends MessageDefinitions,
  Pattern extends RoutePattern<Definitions>,
> = Pattern extends '*'
  ? Route<unknown>
  : string extends MessageType<Definitions>
    ? Route<unknown>
    : TypedRoute<Definitions, TypeFor<Definitions, Pattern>>

interface TypedRoute<
  Definitions extends MessageDefinitions,
  Type extends MessageType<Definitions>,
> {
  readonly notification: (
    message: { [Each in Type]: RouteMessage<MessageData<Definitions[Each]>, Each> }[Type],
  ) => DescriptorFor<Definitions[Type]> | Promise<DescriptorFor<Definitions[Type]>>
  readonly click?: (
    click: {
      [Each in Type]: RouteClick<
        MessageData<Definitions[Each]>,
        Each,
        MessageAction<Definitions[Each]>
      >
    }[Type],
  ) => unknown
}

/** A notification with the buttons that its message's definition names. */
type DescriptorFor<Schema extends StandardSchema> = NotificationDescriptor & {
  readonly actions?: ReadonlyArray<NotificationAction & { readonly action: MessageAction<Schema> }>
}

/**
 * Stands around all routes: it may change what they describe, take their place, or catch what they
 * throw. What it throws, or gives without a title, fails as a route does. It is not asked where
 * somebody else is signed in than the message is for.
 *
 * @param next - Gives what the next middleware, and at last the route, describes; where there is no
 * route, the message's own notification or the fallback.
 */
export type Middleware = (
  message: RouteMessage<unknown>,
  next: () => Promise<NotificationDescriptor>,
) => NotificationDescriptor | Promise<NotificationDescriptor>

/**
 * Gives the data of a message as its schema makes it.
 *
 * @throws When it does not fit.
 */
export async function checkData(data: unknown, schema: StandardSchema): Promise<unknown> {
  const result = await schema['~standard'].validate(data)
  if (result.issues) throw new TypeError('The data does not fit its schema.')
  return result.value
}
