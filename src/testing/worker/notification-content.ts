import { toDomString } from './dom-string.ts'
import type { EngineTraits, NotificationMember } from './worker-engine.ts'

/** A button of a notification. */
export interface ShownAction {
  readonly action: string
  readonly title: string
  readonly icon?: string
}

/**
 * A notification as its engine understood it. Members that the engine does not know are absent.
 */
export interface ShownNotificationContent {
  readonly title: string
  readonly dir: string
  readonly lang: string
  readonly body: string
  readonly tag: string
  readonly icon: string
  readonly silent: boolean | null
  /** A structured clone of what was given. */
  readonly data: unknown
  readonly image?: string
  readonly badge?: string
  readonly vibrate?: readonly number[]
  readonly timestamp?: number
  readonly renotify?: boolean
  readonly requireInteraction?: boolean
  readonly actions?: readonly ShownAction[]
  /** An absolute URL, or empty. */
  readonly navigate?: string
}

/** What the options are read with. */
export interface ReadingContext {
  readonly traits: EngineTraits
  /** What relative URLs start from: the worker's script. */
  readonly baseUrl: string
  readonly now: () => number
}

type Options = Readonly<Record<string, unknown>>
type Reader = (value: unknown, context: ReadingContext) => unknown

/**
 * Makes a notification of what `showNotification` was given (Notifications API, "create a
 * notification"), as the engine does.
 *
 * @throws TypeError or DataCloneError, as the engine does.
 */
export function readNotification(
  parameters: readonly unknown[],
  context: ReadingContext,
): ShownNotificationContent {
  const [title, given = {}] = parameters
  if (parameters.length === 0) throw new TypeError('showNotification: 1 argument required, got 0.')
  if (given !== null && typeof given !== 'object' && typeof given !== 'function') {
    throw new TypeError('showNotification: options must be an object.')
  }
  const options: Options = { ...given }
  const { members } = context.traits
  const content = Object.fromEntries(
    members.map((member) => [member, readers[member](options[member], context)]),
  ) as unknown as ShownNotificationContent
  if (content.renotify && content.tag === '') {
    throw new TypeError('Notifications which set the renotify flag must specify a non-empty tag.')
  }
  if (
    members.includes('vibrate') &&
    options['silent'] === true &&
    options['vibrate'] !== undefined
  ) {
    throw new TypeError('Silent notifications must not specify vibration patterns.')
  }
  return { ...content, title: toDomString(title) }
}

const text: Reader = (value) => (value === undefined ? '' : toDomString(value))
const flag: Reader = (value) => Boolean(value)

/** An absolute URL; one that cannot be parsed counts as not given. */
const url: Reader = (value, { baseUrl }) =>
  value !== undefined && URL.canParse(toDomString(value), baseUrl)
    ? new URL(toDomString(value), baseUrl).href
    : ''

const readers: Readonly<Record<NotificationMember, Reader>> = {
  dir: (value = 'auto') => {
    if (['auto', 'ltr', 'rtl'].includes(toDomString(value))) return toDomString(value)
    throw new TypeError(`'${toDomString(value)}' is not a valid value for NotificationDirection.`)
  },
  lang: text,
  body: text,
  tag: text,
  icon: url,
  image: url,
  badge: url,
  navigate: url,
  renotify: flag,
  requireInteraction: flag,
  silent: (value, { traits }) =>
    value === undefined || value === null ? traits.defaultSilent : Boolean(value),
  timestamp: (value, { now }) => (value === undefined ? now() : Math.trunc(Number(value)) || 0),
  vibrate: (value) => {
    if (value === undefined) return []
    const pattern = isIterable(value) ? [...value] : [value]
    const whole = pattern.map((entry) => Math.trunc(Number(entry)) || 0)
    // Vibration API §3: a pattern does not end with a pause.
    return whole.length % 2 === 0 ? whole.slice(0, -1) : whole
  },
  data: (value) => (value === undefined ? null : structuredClone(value)),
  actions: (value, context) => {
    if (value === undefined) return []
    if (!isIterable(value) || typeof value === 'string') {
      throw new TypeError('showNotification: actions must be a sequence.')
    }
    const actions = [...value].map((action) => readAction(action, context))
    return Object.freeze(actions.slice(0, context.traits.maxActions))
  },
}

function readAction(value: unknown, context: ReadingContext): ShownAction {
  const { action, title, icon } = (value ?? {}) as Options
  if (action === undefined || title === undefined) {
    throw new TypeError('showNotification: an action must have an action and a title.')
  }
  const { actionIcons } = context.traits
  return {
    action: toDomString(action),
    title: toDomString(title),
    ...(actionIcons && { icon: url(icon, context) as string }),
  }
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value
}
