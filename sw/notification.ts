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
   * @default the notification's own `navigate`
   */
  readonly navigate?: string | null
}

/** What a shown notification carries to its click. Stands under `pushwell` in `data`. */
export interface ClickRecord {
  readonly v: 1
  readonly id?: string
  readonly type?: string
  readonly data?: unknown
  readonly navigate?: string | null
  /** Where the buttons lead that lead somewhere of their own. */
  readonly actions?: { readonly [action: string]: string | null }
  /** Whom the message was for: the page takes it off the screen when they sign out. */
  readonly recipient?: string
}

/** Which message a notification was made for. */
export type MessageIdentity = {
  readonly [Name in 'id' | 'type' | 'data' | 'recipient']?: ClickRecord[Name] | undefined
}

/** Tells a notification's description from anything else that a route may return. */
export function isNotificationDescriptor(value: unknown): value is NotificationDescriptor {
  return (
    typeof value === 'object' &&
    value !== null &&
    'title' in value &&
    typeof value.title === 'string' &&
    value.title !== ''
  )
}

/** Turns a description into the arguments of `showNotification`. */
export function notificationArguments(
  { title, navigate, actions = [], data, ...details }: NotificationDescriptor,
  { id, type, data: messageData, recipient }: MessageIdentity,
): [title: string, details: NotificationDetails] {
  const led = actions.filter((action) => action.navigate !== undefined)
  const record = {
    v: 1,
    id,
    type,
    data: messageData,
    navigate,
    recipient,
    actions: Object.fromEntries(led.map((action) => [action.action, action.navigate])),
  }
  return [
    title,
    {
      ...details,
      actions: actions.map(({ action, title: label, icon }) => ({
        action,
        title: label,
        ...(icon !== undefined && { icon }),
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
