import type { DesktopAction, DesktopIcon, DesktopNotification } from './desktop-notification.ts'

/** The arguments of `org.freedesktop.Notifications.Notify`, by name. */
export interface NotifyCall {
  appName: string
  /** 0 when nothing is to be replaced. */
  replacesId: number
  appIcon: string
  summary: string
  body: string
  /** Keys and labels in turn. */
  actions: readonly string[]
  hints: ReadonlyMap<string, unknown>
  /** In milliseconds; -1 leaves it to the desktop, 0 is never. */
  expireTimeout: number
}

/** What a call says about the notification: all but what only the screen knows. */
export type NotificationContent = Omit<
  DesktopNotification,
  'id' | 'shownAt' | 'replacesId' | 'ended'
>

/** Buttons that the browsers add themselves (Chromium), and the click on the notification itself. */
const browserKeys = new Set(['default', 'settings', 'close'])
const inlineReplyKey = 'inline-reply'
const originHint = 'x-kde-origin-name'

/** Reads the arguments as the D-Bus library hands them over. */
export function readNotifyCall(args: readonly unknown[]): NotifyCall {
  const [appName, replacesId, appIcon, summary, body, actions, hints, expireTimeout] = args
  return {
    appName: String(appName),
    replacesId: Number(replacesId),
    appIcon: String(appIcon),
    summary: String(summary),
    body: String(body),
    actions: Array.isArray(actions) ? actions.map(String) : [],
    hints: readHints(hints),
    expireTimeout: Number(expireTimeout),
  }
}

/** An `a{sv}`: pairs of a key and a variant, which is its signature and a list of its one value. */
function readHints(hints: unknown): ReadonlyMap<string, unknown> {
  const read = new Map<string, unknown>()
  for (const [key, variant] of Array.isArray(hints) ? hints : []) {
    const [, values] = variant
    read.set(String(key), values[0])
  }
  return read
}

/**
 * Undoes what each engine does to a notification on its way to the desktop.
 *
 * @param capabilities - What the desktop said it can do: the engines send different things for it.
 */
export function readNotification(
  call: NotifyCall,
  capabilities: readonly string[],
): NotificationContent {
  const fromChromium = call.actions.includes('settings')
  const { origin, text } = fromChromium
    ? splitOrigin(call, capabilities)
    : { origin: undefined, text: call.body }
  const icon = readIcon(call)
  // Titles are never markup; bodies are where the desktop can show it, so the engines escape them.
  const unescape = capabilities.includes('body-markup') ? unescapeMarkup : String
  return {
    appName: call.appName,
    title: call.summary,
    body: unescape(text),
    rawBody: call.body,
    ...(origin === undefined ? {} : { origin }),
    ...(icon === undefined ? {} : { icon }),
    actions: readActions(call.actions),
    canReply: call.actions.includes(inlineReplyKey),
    silent: call.hints.get('suppress-sound') === true,
    requireInteraction: call.expireTimeout === 0,
    resident: call.hints.get('resident') === true,
  }
}

/**
 * Chromium says whose a notification is: in a hint where the desktop knows that, else as the body's
 * first line, with an empty line below, or as the whole body when the page gave none.
 */
function splitOrigin(
  { hints, body }: NotifyCall,
  capabilities: readonly string[],
): { origin: string | undefined; text: string } {
  const hint = hints.get(originHint)
  if (typeof hint === 'string') return { origin: hint, text: body }
  if (capabilities.includes(originHint)) return { origin: undefined, text: body }
  const end = body.indexOf('\n\n')
  const line = end === -1 ? body : body.slice(0, end)
  return {
    origin: unescapeMarkup(line.replace(/^<a [^>]*>(.*)<\/a>$/, '$1')),
    text: end === -1 ? '' : body.slice(end + 2),
  }
}

/**
 * Firefox appends `-moz` to the page's action ids. Chromium numbers the buttons, counting on from the
 * replaced notification's, so that only their order says which is which.
 */
function readActions(keysAndLabels: readonly string[]): DesktopAction[] {
  const actions: DesktopAction[] = []
  for (let index = 0; index + 1 < keysAndLabels.length; index += 2) {
    const key = keysAndLabels[index] ?? ''
    if (browserKeys.has(key)) continue
    const action = key.endsWith('-moz') ? key.slice(0, -'-moz'.length) : String(actions.length)
    actions.push({ action, title: keysAndLabels[index + 1] ?? '', key })
  }
  return actions
}

function readIcon({ hints, appIcon }: NotifyCall): DesktopIcon | undefined {
  const path = hints.get('image-path') ?? hints.get('image_path')
  if (typeof path === 'string') return { kind: 'file', path }
  const pixels = hints.get('image-data') ?? hints.get('image_data') ?? hints.get('icon_data')
  if (Array.isArray(pixels)) {
    return { kind: 'pixels', width: Number(pixels[0]), height: Number(pixels[1]) }
  }
  return appIcon ? { kind: 'file', path: appIcon } : undefined
}

const entities: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&apos;': "'",
  '&#39;': "'",
  '&amp;': '&',
}

function unescapeMarkup(text: string): string {
  return text.replace(/&(?:lt|gt|quot|apos|amp|#39);/g, (entity) => entities[entity] ?? entity)
}
