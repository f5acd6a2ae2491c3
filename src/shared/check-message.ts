import { type ArgumentError, typeError } from './errors.ts'
import type { MessageContent, NotificationContent } from './message-content.ts'
import type { WireTexts } from './message-format.ts'
import { parseUrl } from './parse-url.ts'

type Check = readonly [accepts: (value: unknown) => boolean, expectation: string]
type Fields = { readonly [field: string]: Check }

const text: Check = [(value) => typeof value === 'string', 'a string']
const name: Check = [(value) => value !== '' && text[0](value), 'a string that is not empty']
const flag: Check = [(value) => typeof value === 'boolean', 'true or false']
const count: Check = [
  (value) => Number.isSafeInteger(value) && Number(value) >= 0,
  'a whole number, 0 or more',
]
const json: Check = [
  (value) => isJson(value),
  'JSON: no NaN, bigint, Date, class instance or cycle',
]
const link: Check = [isLink, 'an http(s) or relative URL']
const direction: Check = [
  (value) => ['auto', 'ltr', 'rtl'].includes(value as string),
  '"auto", "ltr" or "rtl"',
]
const object: Check = [isRecord, 'an object']

const messageFields: Fields = {
  id: name,
  type: name,
  data: json,
  notification: object,
  recipient: name,
  expiresAt: count,
  stale: object,
  localized: object,
  group: name,
  close: listOf(text),
  appBadge: count,
  mutable: flag,
}

const notificationFields: Fields = {
  title: name,
  navigate: link,
  body: text,
  tag: text,
  lang: text,
  dir: direction,
  icon: text,
  image: text,
  badge: text,
  actions: listOf(object),
  silent: flag,
  requireInteraction: flag,
  renotify: flag,
  timestamp: count,
  vibrate: listOf(count),
  data: json,
}

const textsFields: Fields = {
  title: object,
  body: object,
  actions: object,
}

const textFields: Fields = {
  key: name,
  args: [
    (value) => isRecord(value) && Object.values(value).every(isArgument),
    'an object of strings and finite numbers',
  ],
}

const actionFields: Fields = { action: name, title: name, navigate: link, icon: text }

/**
 * Checks the type of every field of a message, whatever it came from: WebKit drops a whole message
 * for one member of a wrong type, and nobody hears of it.
 *
 * @throws TypeError with the code `invalid-message`, naming the field.
 */
export function checkMessage(message: MessageContent): void {
  checkFields(message, 'message', messageFields)
  const { notification, stale, localized } = message
  if (notification) checkNotification(notification, 'message.notification')
  if (stale) checkNotification(stale, 'message.stale')
  if (!localized) return
  const path = 'message.localized'
  checkTexts(localized, path, { ...textsFields, stale: object })
  if (localized.stale) checkTexts(localized.stale, `${path}.stale`, textsFields)
}

function checkTexts(texts: WireTexts, path: string, fields: Fields): void {
  checkFields(texts, path, fields)
  const { title, body, actions = {} } = texts
  const labels = Object.entries(actions).map(([action, it]) => [`actions.${action}`, it] as const)
  for (const [member, it] of [['title', title], ['body', body], ...labels] as const) {
    if (it !== undefined) checkFields(it, `${path}.${member}`, textFields, ['key'])
  }
}

function checkNotification(notification: NotificationContent, path: string): void {
  checkFields(notification, path, notificationFields, ['title'])
  // The two that the Notifications standard refuses too ("create a notification").
  if (notification.renotify && !notification.tag)
    throw invalid(`${path}.tag must be set with renotify.`)
  if (notification.silent && notification.vibrate) {
    throw invalid(`${path}.vibrate must be left out with silent.`)
  }
  for (const [index, action] of (notification.actions ?? []).entries()) {
    checkFields(action, `${path}.actions[${index}]`, actionFields, ['action', 'title'])
  }
}

function checkFields(
  value: object,
  path: string,
  fields: Fields,
  required: readonly string[] = [],
): void {
  if (!isRecord(value)) throw invalid(`${path} must be an object.`)
  for (const field of new Set([...required, ...Object.keys(value)])) {
    if (!Object.hasOwn(fields, field)) throw invalid(`${path}.${field} is not a known field.`)
    const [accepts, expectation] = fields[field] as Check
    if ((value[field] === undefined && !required.includes(field)) || accepts(value[field])) continue
    throw invalid(`${path}.${field} must be ${expectation}.`)
  }
}

function listOf([accepts, expectation]: Check): Check {
  return [
    (value) => Array.isArray(value) && value.every((item) => accepts(item)),
    `a list, each ${expectation}`,
  ]
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isArgument(value: unknown): boolean {
  return text[0](value) || Number.isFinite(value)
}

function isLink(value: unknown): boolean {
  if (typeof value !== 'string') return false
  return parseUrl(value, 'https://app.example/')?.protocol.startsWith('http') ?? false
}

/** Only what comes out of `JSON.parse` as it went in. A cycle runs into the limit of depth. */
function isJson(value: unknown, depth = 0): boolean {
  if (value === null || /^(string|boolean)$/.test(typeof value)) return true
  if (typeof value !== 'object') return Number.isFinite(value)
  const list = Array.isArray(value)
  const prototype = Object.getPrototypeOf(value)
  if (depth > 99 || (!list && prototype && Object.getPrototypeOf(prototype))) return false
  return Object.values(value).every(
    (member) => (member === undefined && !list) || isJson(member, depth + 1),
  )
}

function invalid(sentence: string): ArgumentError {
  return typeError('invalid-message', sentence)
}
