import type { ChannelMessage } from '../src/shared/channel.ts'
import { withDeadline } from '../src/shared/deadline.ts'
import type { StoredClick } from '../src/shared/stored-click.ts'
import type { WindowMatch } from './choose-window.ts'
import { clickUrl } from './click-url.ts'
import { closeNotification } from './close-notification.ts'
import { type ClickRecord, readClickRecord } from './notification.ts'
import { openUrl } from './open-url.ts'
import { readRecipient } from './read-recipient.ts'
import type { Route } from './route.ts'
import { tellParts } from './run-parts.ts'
import { tellBackend, timeoutMs } from './tell-backend.ts'
import type { WorkerContext } from './worker-context.ts'
import type { WorkerEvents, WorkerWindow } from './worker-scope.ts'

/**
 * Milliseconds to find out who is signed in, and what a route that is added late says: Firefox opens
 * no window a second after the click.
 */
const windowMs = 600
/** Milliseconds that the rest waits for the window, and for what a route does. */
const followMs = 1000

/**
 * Answers a click on one of our notifications; one that another script showed is left to it. The
 * window comes first; the click itself is kept for a page to take, and the backend is told last.
 * One on a message for somebody who is not known to be here any more opens the app's root, and
 * nothing of the message is handed over.
 */
export async function answerClick(
  { action: named, notification, reply: text }: WorkerEvents['notificationclick'],
  context: WorkerContext,
): Promise<void> {
  const { home, allowedOrigins, parts } = context
  const record = readClickRecord(notification.data)
  if (!record) return
  const { id, type, data, navigate, actions = {}, recipient, posts = {}, replyTo = '' } = record
  closeNotification(notification, record, context)
  const reply = text ?? undefined
  const action = reply === undefined ? named : named || replyTo
  // Better somewhere than nowhere, where nobody makes the request.
  const isPost = Object.hasOwn(posts, action) && parts.some(({ name }) => name === 'posts')
  const own = isPost ? null : navigate
  const target = Object.hasOwn(actions, action) ? actions[action] : own
  const url = clickUrl(target ?? undefined, home, allowedOrigins)
  const at = Date.now()
  const click = { key: crypto.randomUUID(), scope: home, at, type, id, data, action, reply, url }
  // All at once: the window must be opened while the click still counts.
  const seeing = readRecipient(context, timeoutMs).catch(() => undefined)
  const finding = findAnswer(type, context)
  const beginning = tellParts(context, (part) => part.clicking?.(click, record, seeing, context))
  if (recipient !== undefined) {
    const here = target === null ? seeing : withDeadline(seeing, windowMs, 'IndexedDB')
    if ((await here.catch(() => undefined)) !== recipient) {
      try {
        if (target !== null) await openUrl(context, home)
      } finally {
        await beginning
        await tellBackend('click', context)
      }
      return
    }
  }
  const stored = context.clicks.add(click).then(
    () => true,
    () => false,
  )
  const following = followClick(click, target, record.match, finding, context)
  const window = following.catch(() => undefined)
  const telling = window.then((it) => tellWindow(it, click, stored))
  // A route may take its time, or never end.
  await withDeadline(window, followMs, 'The click').catch(() => undefined)
  await tellParts(context, (part) => part.clicked?.(click, record, context))
  await tellBackend('click', context)
  await Promise.all([beginning, telling])
  await following
}

/** @returns The window that the click led to, or the one that the user looks at. */
async function followClick(
  click: StoredClick,
  target: ClickRecord['navigate'],
  match: WindowMatch | undefined,
  finding: Promise<Route<unknown>['click']>,
  context: WorkerContext,
): Promise<WorkerWindow | null | undefined> {
  const { home, allowedOrigins, scope } = context
  const { action, data, id, reply, type, url } = click
  let opening: Promise<WorkerWindow | null> | undefined
  const open = async (elsewhere?: string) => {
    const safe = elsewhere === undefined ? url : clickUrl(elsewhere, home, allowedOrigins)
    await (opening = openUrl(context, safe, { match, click }))
  }
  const answer = await finding
  try {
    if (answer) await answer({ type: type ?? '', data, id, action, reply, url, open })
  } catch (error) {
    if (opening) throw error
    if (target !== null) await open()
  }
  if (!answer && target !== null) await open()
  const window = await opening
  if (window) return window
  const windows = await scope.clients.matchAll({ type: 'window', includeUncontrolled: true })
  return windows.find(({ focused, url: at }) => focused && at.startsWith(home))
}

/** Finds what takes the place of following a click. Without a type there is no message to tell of. */
async function findAnswer(
  type: string | undefined,
  { options: { messages }, router }: WorkerContext,
): Promise<Route<unknown>['click']> {
  if (type === undefined) return undefined
  const finding = router.find(type, !messages || Object.hasOwn(messages, type))
  return withDeadline(Promise.resolve(finding), windowMs, 'The route').then(
    (route) => route?.click,
    () => undefined,
  )
}

async function tellWindow(
  window: WorkerWindow | null | undefined,
  click: StoredClick,
  storing: Promise<boolean>,
): Promise<void> {
  // One that may yet be stored must be taken first.
  const stored = await withDeadline(storing, timeoutMs, 'IndexedDB').catch(() => true)
  const message: ChannelMessage = { pushwell: 1, scope: click.scope, kind: 'click', click, stored }
  window?.postMessage(message)
}
