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
  /** The message's own notification; absent when there is none that has a title. */
  readonly notification?: ReceivedNotification
  /** The whole message, when it was readable text and not JSON. */
  readonly text?: string
}

/** A notification of which only the title is certain. */
export type ReceivedNotification = Partial<Omit<WireNotification, 'title' | 'actions'>> & {
  readonly title: string
  readonly actions?: readonly ReceivedAction[]
}

/** A button of which only name and label are certain. */
export type ReceivedAction = Pick<WireAction, 'action' | 'title'> & Partial<WireAction>

type Fields = Readonly<Record<string, unknown>>

/** The members taken over from a notification, each only when it has this type. */
const memberTypes: Readonly<Record<string, string>> = {
  navigate: 'string',
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
 * Reads a message: Pushwell's format version 1, plain Declarative Web Push, or any JSON with a
 * titled `notification`, as Firebase sends (whose `fcmOptions.link` is followed) and Angular's
 * worker takes (whose `data.onActionClick` is). Never throws: what is wrong or unknown is left out,
 * and of an envelope of an unknown version only the recipient is read.
 */
export function parseMessage(text: string): ReceivedMessage {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    // Broken UTF-8 and control characters mean bytes, not words that someone wrote.
    return /^[^\p{Cc}\uFFFD]+$/u.test(text) ? { text } : {}
  }
  const fields = fieldsOf(json)
  const notification = parseNotification(
    fieldsOf(fields['notification']),
    fieldsOf(fields['fcmOptions'])['link'],
  )
  const { app_badge: appBadge = fieldsOf(fields['notification'])['app_badge'] } = fields
  return {
    ...parseEnvelope(fieldsOf(fields['pushwell'])),
    ...(isCount(appBadge) && { appBadge }),
    ...(notification && { notification }),
  }
}

function parseEnvelope({ v, id, type, data, recipient = null, ...more }: Fields): ReceivedMessage {
  const { sentAt, expiresAt, group, close } = more
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
    }),
  }
}

function parseNotification(fields: Fields, link: unknown): ReceivedNotification | undefined {
  const { title, data, actions, vibrate } = fields
  if (typeof title !== 'string' || title === '') return undefined
  const members: Record<string, unknown> = {}
  for (const [name, type] of Object.entries(memberTypes)) {
    if (typeof fields[name] === type) members[name] = fields[name]
  }
  // Angular: https://angular.dev/ecosystem/service-workers/push-notifications
  const onActionClick = fieldsOf(fieldsOf(data)['onActionClick'])
  const urlOf = (action: string) => fieldsOf(onActionClick[action])['url']
  const navigate = [members['navigate'], link, urlOf('default')].find(isText)
  return {
    ...members,
    title,
    ...(isText(navigate) && { navigate }),
    ...(data !== undefined && { data }),
    ...(Array.isArray(vibrate) && vibrate.every(Number.isFinite) && { vibrate }),
    ...(Array.isArray(actions) && {
      actions: actions.map(fieldsOf).flatMap((action) => parseAction(action, urlOf)),
    }),
  }
}

function parseAction(
  { action, title, navigate, icon }: Fields,
  urlOf: (action: string) => unknown,
): ReceivedAction[] {
  if (!isText(action) || !isText(title)) return []
  const target = navigate ?? urlOf(action)
  return [
    { action, title, ...(isText(target) && { navigate: target }), ...(isText(icon) && { icon }) },
  ]
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {}
}
