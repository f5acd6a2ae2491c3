import type { WireAction, WireNotification } from './message-format.ts'

/** A message as a worker reads it: whatever of it could be understood. */
export interface ReceivedMessage {
  /** Absent when the message is not in Pushwell's format. */
  readonly id?: string
  readonly type?: string
  readonly data?: unknown
  /** Whom it is for, in any version of the envelope; what is no text is written as JSON. */
  readonly recipient?: string
  /** Milliseconds since 1970. */
  readonly sentAt?: number
  /** Milliseconds since 1970; after it, the message is out of date. */
  readonly expiresAt?: number
  /** Which messages it belongs with. */
  readonly group?: string
  /** Tags of notifications that are out of date. */
  readonly close?: readonly string[]
  /** The number on the app's icon, from wherever the message has it. */
  readonly appBadge?: number
  /** Shown instead once the message is out of date. */
  readonly stale?: ReceivedNotification
  /** Keys and arguments of its texts, as they came: `WireLocalized`, or anything. */
  readonly localized?: unknown
  /** The message's own notification; absent when there is none that has a title. */
  readonly notification?: ReceivedNotification
  /** The whole message without the space around it, when it was readable text and not JSON. */
  readonly text?: string
}

/** A notification of which only the title is certain. */
export type ReceivedNotification = Partial<
  Omit<WireNotification, 'title' | 'navigate' | 'actions'>
> & {
  readonly title: string
  /** `null`: a click only closes it. */
  readonly navigate?: string | null
  readonly actions?: readonly ReceivedAction[]
}

/** A button of which only name and label are certain. */
export type ReceivedAction = Pick<WireAction, 'action' | 'title' | 'icon'> & {
  /** `null`: it only closes the notification. */
  readonly navigate?: string | null
}

type Fields = Readonly<Record<string, unknown>>

/** The members taken over from a notification, each only when it has this type. */
const memberTypes: Readonly<Record<string, string>> = {
  body: 'string',
  tag: 'string',
  lang: 'string',
  dir: 'string',
  icon: 'string',
  image: 'string',
  badge: 'string',
  silent: 'boolean',
  requireInteraction: 'boolean',
  renotify: 'boolean',
  timestamp: 'number',
}

/**
 * Reads what a push carries: what JSON says, else the text itself. A number or the like is text that
 * someone wrote.
 */
export function readPayload(text: string): unknown {
  try {
    const json: unknown = JSON.parse(text)
    return typeof json === 'object' || typeof json === 'string' ? json : text
  } catch {
    return text
  }
}

/** Tells a message that has Pushwell's envelope, in any version, from any other. */
export function hasEnvelope(payload: unknown): boolean {
  return typeof fieldsOf(fieldsOf(payload)['pushwell'])['v'] === 'number'
}

/**
 * Understands a payload: Pushwell's format version 1, plain Declarative Web Push, any JSON with a
 * titled `notification`, or readable text. Of Firebase's it follows `fcmOptions.link`, and takes
 * `fcmMessageId` for the id and `data` for the data; of Angular's it follows `data.onActionClick`.
 * What is wrong or unknown is left out, and of an envelope of an unknown version only the recipient
 * is read. Does not throw for anything that came out of JSON.
 */
export function parseMessage(payload: unknown): ReceivedMessage {
  if (isText(payload)) {
    const text = payload.trim()
    // Broken UTF-8 and other control characters mean bytes, not words that someone wrote.
    return text && !/[^\P{Cc}\t\n\r]|\uFFFD/u.test(text) ? { text } : {}
  }
  const fields = fieldsOf(payload)
  const { fcmMessageId: id, data, fcmOptions } = fields
  const declared = fieldsOf(fields['notification'])
  const notification = parseNotification(declared, fieldsOf(fcmOptions)['link'])
  const { app_badge: appBadge = declared['app_badge'] } = fields
  return {
    ...(isText(id) && { id, data }),
    ...parseEnvelope(fieldsOf(fields['pushwell'])),
    ...(isCount(appBadge) && { appBadge }),
    ...(notification && { notification }),
  }
}

function parseEnvelope({ v, id, type, data, recipient = null, ...more }: Fields): ReceivedMessage {
  const { sentAt, expiresAt, group, close, localized } = more
  const stale = parseNotification(fieldsOf(more['stale']))
  return {
    // Whatever it says, the message is for somebody in particular.
    ...(recipient !== null && {
      recipient: isText(recipient) ? recipient : JSON.stringify(recipient),
    }),
    ...(v === 1 && {
      ...(isText(id) && { id }),
      ...(isText(type) && { type }),
      data,
      ...(isCount(sentAt) && { sentAt }),
      ...(isCount(expiresAt) && { expiresAt }),
      ...(isText(group) && { group }),
      ...(Array.isArray(close) && { close: close.filter(isText) }),
      ...(stale && { stale }),
      ...(localized !== undefined && { localized }),
    }),
  }
}

/**
 * Reads a notification: one of a message, or a browser's own `Notification`.
 *
 * @param link - Where a click leads, unless the notification says so itself.
 */
export function parseNotification(
  fields: Fields,
  link?: unknown,
): ReceivedNotification | undefined {
  const { title, data, actions, vibrate } = fields
  if (!isText(title) || title === '') return undefined
  const members: Record<string, unknown> = {}
  for (const name in memberTypes) {
    const value = fields[name]
    // A browser's `Notification` has empty texts for what nobody said.
    if (typeof value === memberTypes[name] && value !== '') members[name] = value
  }
  // Angular: https://angular.dev/ecosystem/service-workers/push-notifications
  const onActionClick = fieldsOf(fieldsOf(data)['onActionClick'])
  const targetOf = (action: string) => {
    const { operation, url } = fieldsOf(onActionClick[action])
    return operation === 'sendRequest' ? null : (url ?? undefined)
  }
  const navigate = [fields['navigate'], link ?? undefined, targetOf('default')].find(isTarget)
  return {
    ...members,
    title,
    ...(navigate !== undefined && { navigate }),
    ...(data !== undefined && { data }),
    ...(Array.isArray(vibrate) && vibrate.every(Number.isFinite) && { vibrate }),
    ...(Array.isArray(actions) && {
      actions: actions.map(fieldsOf).flatMap((action) => parseAction(action, targetOf)),
    }),
  }
}

function parseAction(
  { action, title, navigate, icon }: Fields,
  targetOf: (action: string) => unknown,
): ReceivedAction[] {
  if (!isText(action) || !isText(title)) return []
  const target = [navigate, targetOf(action)].find(isTarget)
  return [
    {
      action,
      title,
      ...(target !== undefined && { navigate: target }),
      ...(isText(icon) && icon && { icon }),
    },
  ]
}

function isTarget(value: unknown): value is string | null {
  return value === null || (isText(value) && value !== '')
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0
}

/** Gives the members of an object, and none of anything else. */
export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {}
}
