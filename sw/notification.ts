import type { WindowMatch } from './choose-window.ts'
import type { NotificationDetails } from './worker-scope.ts'

/**
 * A notification as a route describes it. Routes never show one themselves: the worker does, once.
 */
export interface NotificationDescriptor extends Omit<NotificationDetails, 'actions'> {
  /** Must not be empty. */
  readonly title: string
  /**
   * Where a click leads: a URL of this origin or of `allowedOrigins`, relative to the worker's
   * scope. `null`: a click only closes the notification.
   *
   * @default the app's root, which is the worker's scope
   */
  readonly navigate?: string | null
  /**
   * Which window counts as being where the click leads.
   *
   * @default the worker's option `match`
   */
  readonly match?: WindowMatch
  /**
   * Browsers show two at the most (`Notification.maxActions`). The first of them stay; those whose
   * `navigate` is `null` go first, since browsers have a button to close of their own.
   */
  readonly actions?: readonly NotificationAction[]
}

/** A button of a notification. */
export interface NotificationAction {
  /** Its name, as the click tells it. */
  readonly action: string
  /** Its label. */
  readonly title: string
  readonly icon?: string
  /**
   * Where a click on the button leads; `null`: it only closes the notification.
   *
   * @default the notification's own `navigate`; `null` for a button that has a `post`
   */
  readonly navigate?: string | null
  /** A request that a click on the button makes, by the part `posts()`. */
  readonly post?: NotificationPost
  /**
   * `text`: a field to write in where the browser has one (Chromium); elsewhere it is a button. The
   * click has the text as its `reply`.
   */
  readonly type?: 'button' | 'text'
  /** What stands in the empty field. */
  readonly placeholder?: string
}

/** A request to make when a button is clicked: a POST with JSON, kept until it is answered. */
export interface NotificationPost {
  /** Of this origin or of `allowedOrigins`, relative to the worker's scope. */
  readonly url: string
  /** What can be written as JSON. A `reply` of the user's is added to it. */
  readonly body?: Readonly<Record<string, unknown>>
}

/** What a shown notification carries to its click. Stands under `pushwell` in `data`. */
export interface ClickRecord {
  readonly v: 1
  readonly id?: string
  /** Empty for a message that has none; absent where no route may see the click. */
  readonly type?: string
  readonly data?: unknown
  readonly navigate?: string | null
  /** Where the buttons lead that lead somewhere of their own. */
  readonly actions?: { readonly [action: string]: string | null }
  /** What the buttons request that request something. */
  readonly posts?: { readonly [action: string]: NotificationPost }
  /** The button that a text belongs to: some desktops do not tell (Chromium on Linux). */
  readonly replyTo?: string
  readonly match?: WindowMatch
  /** Whom the message was for: the page takes it off the screen when they sign out. */
  readonly recipient?: string
  readonly group?: GroupRecord
  /** The message whose push showed it, when that is another one. */
  readonly shownBy?: string | undefined
}

/** What a notification of a group carries. */
export interface GroupRecord {
  readonly name: string
  /** When the message was sent, in milliseconds since 1970. */
  readonly at: number
  /** What it stands for, when that is more than this message. */
  readonly folded?: FoldedGroup | undefined
}

/** The messages that one notification stands for. */
export interface FoldedGroup {
  readonly count: number
  /** How often the group was folded. */
  readonly turn: number
  /** The last of them, the oldest first. */
  readonly items: readonly GroupItem[]
}

/** One message of a group. */
export interface GroupItem {
  readonly id?: string | undefined
  readonly title: string
  readonly body?: string | undefined
  readonly tag?: string | undefined
  /** When it was sent, in milliseconds since 1970. */
  readonly at: number
}

/** Which message a notification was made for. */
export type MessageIdentity = {
  readonly [Name in 'id' | 'type' | 'data' | 'recipient']?: ClickRecord[Name] | undefined
} & {
  /** What the notification carries instead, or beside it: a part's, which has put it there. */
  readonly record?:
    | { readonly [Name in keyof ClickRecord]?: ClickRecord[Name] | undefined }
    | undefined
}

/** Tells a notification's description from anything else that a route may return. */
export function isNotificationDescriptor(value: unknown): value is NotificationDescriptor {
  const title = (value as { readonly title?: unknown } | null | undefined)?.title
  return typeof title === 'string' && title !== ''
}

/** Turns a description into the arguments of `showNotification`. */
export function notificationArguments(
  { title, navigate, match, actions = [], data, ...details }: NotificationDescriptor,
  { record: instead, ...message }: MessageIdentity,
): [title: string, details: NotificationDetails] {
  const led = actions.filter((action) => action.navigate !== undefined)
  const posting = actions.filter(({ post }) => post)
  const record = {
    v: 1,
    ...message,
    navigate,
    match,
    actions: Object.fromEntries(led.map((action) => [action.action, action.navigate])),
    posts: Object.fromEntries(posting.map(({ action, post }) => [action, post])),
    replyTo: actions.find((action) => action.type === 'text')?.action,
    ...instead,
  }
  return [
    title,
    {
      ...details,
      actions: actions.map(({ action, title: label, icon, type: kind, placeholder }) => ({
        action,
        title: label,
        ...(icon !== undefined && { icon }),
        // A button may have no placeholder: Chromium would refuse the notification (156).
        ...(kind === 'text' && { type: kind, ...(placeholder !== undefined && { placeholder }) }),
      })),
      data: { pushwell: record, data },
    },
  ]
}

/** Reads back what {@link notificationArguments} wrote; `null` when it is another's notification. */
export function readClickRecord(data: unknown): ClickRecord | null {
  const record = (data as { pushwell?: ClickRecord } | null | undefined)?.pushwell
  return record?.v === 1 ? record : null
}

/** The message whose push showed a notification. */
export function shownBy({ id, shownBy: other = id }: ClickRecord): string | undefined {
  return other
}

/** The ids of all messages that a notification stands for. */
export function messageIds(record: ClickRecord): readonly (string | undefined)[] {
  const { items = [] } = record.group?.folded ?? {}
  return [record.id, record.shownBy, ...items.map((item) => item.id)]
}
