import { toDomString } from './dom-string.ts'
import {
  type ShownNotificationContent,
  readNotification,
  type ReadingContext,
} from './notification-content.ts'

/** A declarative message that a browser shows by itself. */
export interface DeclarativePush {
  readonly content: ShownNotificationContent
  /** Whether the worker may show another in its place. */
  readonly mutable: boolean
  readonly appBadge: number | null
}

type Members = Readonly<Record<string, unknown>>

/**
 * Reads a push as a Declarative Web Push message, strictly as WebKit does: one member of the wrong
 * type, and it is an ordinary push. `mutable` and `app_badge` count at both levels, because it
 * changed over time where they stand.
 *
 * @returns `null` for an ordinary push.
 */
export function parseDeclarativePush(
  bytes: Uint8Array,
  context: ReadingContext,
): DeclarativePush | null {
  const message = parseObject(new TextDecoder().decode(bytes))
  const notification = message?.['notification']
  if (message?.['web_push'] !== 8030 || !isObject(notification)) return null
  if (!hasRequired(notification, context.baseUrl) || !hasRightTypes(notification)) return null
  const badge = readBadge(message['app_badge'] ?? notification['app_badge'])
  if (badge === undefined) return null
  const { title } = notification
  return {
    content: readNotification([title, notification], context),
    mutable: message['mutable'] === true || notification['mutable'] === true,
    appBadge: badge,
  }
}

function hasRequired({ title, navigate }: Members, baseUrl: string): boolean {
  if (typeof title !== 'string' || title === '') return false
  return typeof navigate === 'string' && URL.canParse(navigate, baseUrl)
}

function hasRightTypes({ dir, lang, body, tag, icon, silent }: Members): boolean {
  const texts = [lang, body, tag, icon].every(
    (text) => text === undefined || typeof text === 'string',
  )
  const direction = dir === undefined || ['auto', 'ltr', 'rtl'].includes(toDomString(dir))
  return texts && direction && (silent === undefined || typeof silent === 'boolean')
}

/** A whole number or its digits; `undefined` for anything else, `null` for none. */
function readBadge(value: unknown): number | null | undefined {
  if (value === undefined) return null
  const isWhole = typeof value === 'string' ? /^\d+$/.test(value) : Number.isInteger(value)
  return isWhole && Number(value) >= 0 ? Number(value) : undefined
}

function parseObject(text: string): Members | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
