import { checkMessage } from './check-message.ts'
import { rangeError } from './errors.ts'
import type { MessageContent, NotificationContent } from './message-content.ts'

/** The longest plaintext: with it, the encrypted body is the 4,096 octets of RFC 8291 §4. */
export const maximumOctets = 3993

/** What the sender adds to a message. */
export interface MessageStamp {
  /** For a message without one. */
  readonly id: string
  /** Milliseconds since 1970. */
  readonly sentAt?: number
  /** For a message without one; milliseconds since 1970. */
  readonly expiresAt?: number
}

/** A message as it goes over the wire. */
export interface WrittenMessage {
  /** At most 3,993 octets in UTF-8. */
  readonly json: string
  /** Whether the body was too long. */
  readonly isCut: boolean
}

/** Writes a message as {@link fitMessage} does, for whom it is all the same whether it was cut. */
export function writeMessage(message: MessageContent, stamp: MessageStamp): string {
  return fitMessage(message, stamp).json
}

/**
 * Writes a message for the wire, version 1 (`docs/message.schema.json`). A body that is too long
 * is cut between two characters, as readers see them, and ends in an ellipsis.
 *
 * @throws TypeError `invalid-message`, naming the field: WebKit drops the whole message for one
 * member of a wrong type. RangeError `message-too-large` when no cut makes it fit.
 */
export function fitMessage(message: MessageContent, stamp: MessageStamp): WrittenMessage {
  checkMessage(message)
  const { type, data, recipient, appBadge, mutable = true } = message
  const { sentAt } = stamp
  const { expiresAt = stamp.expiresAt } = message
  const { group, close, localized } = message
  const stale = message.stale && writeNotification(message.stale)
  const carried = { group, close, stale, localized }
  const id = message.id ?? stamp.id
  const notification = message.notification && {
    ...writeNotification(message.notification),
    mutable,
    app_badge: appBadge,
  }
  const write = (body?: string): string =>
    JSON.stringify({
      ...(notification && {
        web_push: 8030,
        notification: { ...notification, body },
        mutable,
      }),
      app_badge: appBadge,
      pushwell: { v: 1, id, type, data, recipient, sentAt, expiresAt, ...carried },
    })
  return fit(write, message.notification?.body)
}

function writeNotification({ navigate = './', actions, ...rest }: NotificationContent): object {
  return {
    ...rest,
    navigate,
    actions: actions?.map(({ navigate: own = navigate, ...action }) => ({
      ...action,
      navigate: own,
    })),
  }
}

function fit(write: (body?: string) => string, body: string | undefined): WrittenMessage {
  const whole = write(body)
  if (octets(whole) <= maximumOctets) return { json: whole, isCut: false }
  const least = octets(write(body && '…'))
  let room = maximumOctets - least
  if (room < 0) {
    throw rangeError(
      'message-too-large',
      `message must fit ${maximumOctets} octets of JSON; it takes ${least} even without the text of its body. Send less in message.data.`,
    )
  }
  let cut = ''
  // No character is shorter than one octet: what lies beyond the limit need not be split.
  const start = String(body).slice(0, maximumOctets)
  for (const { segment } of new Intl.Segmenter().segment(start)) {
    room -= octets(JSON.stringify(segment)) - 2
    if (room < 0) break
    cut += segment
  }
  return { json: write(`${cut}…`), isCut: true }
}

function octets(written: string): number {
  return new TextEncoder().encode(written).length
}
