import { withDeadline } from '../src/shared/deadline.ts'
import { isPushwellError } from '../src/shared/errors.ts'
import type { ReceivedMessage } from '../src/shared/parse-message.ts'
import type { ShownMessage } from '../src/shared/shown-message.ts'
import { type ChosenNotification, chooseNotification } from './choose-notification.ts'
import { readClickRecord } from './notification.ts'
import { arrange } from './run-parts.ts'
import { show } from './show.ts'
import { timeoutMs } from './tell-backend.ts'
import type { WorkerContext } from './worker-context.ts'

/** Milliseconds that storage, and then the list of what is on the screen, may hold up a push. */
const lookMs = 150
/** Milliseconds in which another worker that has begun to show a message may still do so. */
const begunMs = 10_000
/** How many messages one run of a worker remembers. */
const remembered = 1000

/**
 * Shows a message, or sees to it that one that was shown before is not silent and not there twice.
 * Nothing is read for a message without an id.
 *
 * @param tell - Called once it is shown, with what was chosen, and whether it was new.
 * @throws What the browser says: there is no permission.
 */
export async function showOnce(
  received: ReceivedMessage,
  context: WorkerContext,
  tell: (chosen: ChosenNotification, isNew: boolean) => Promise<unknown>,
): Promise<unknown> {
  const { home, scope, showing, shownLog } = context
  const { id, recipient } = received
  const choosing = chooseNotification(received, context)
  if (id === undefined) {
    const chosen = await arrange(await choosing, received, context)
    await show(scope, chosen.descriptor, chosen.message)
    return tell(chosen, true)
  }
  const key = JSON.stringify([home, id, recipient])
  const at = Date.now()
  const knowing = lookUp(key, at, context)
  const work = async () => {
    const before = await knowing
    let chosen = await choosing
    if (before) await showAgain(chosen, before, context)
    else {
      chosen = await arrange(chosen, received, context)
      await show(scope, chosen.descriptor, chosen.message)
    }
    const keeping = withDeadline(shownLog.confirm(key, at), timeoutMs, 'IndexedDB')
    const telling = tell(chosen, !before?.shown)
    await Promise.all([keeping.catch(() => undefined), telling])
  }
  const working = work()
  remember(showing, key, working)
  return working
}

/** Finds out what is known of a message: from this run of the worker, else from storage. */
function lookUp(
  key: string,
  at: number,
  { options, showing, shownLog }: WorkerContext,
): Promise<ShownMessage | undefined> {
  const earlier = showing.get(key)
  if (!earlier) {
    return withDeadline(shownLog.claim(key, at), lookMs, 'IndexedDB').catch(() => undefined)
  }
  // To its end: WebKit counts a push as silent when what it showed goes while it lasts.
  return withDeadline(earlier, options.deadlineMs ?? 2500, 'The first').then(
    () => ({ key, at, shown: true }),
    (error: unknown) => (isPushwellError(error) ? { key, at, shown: false } : undefined),
  )
}

/**
 * Answers the push of a message that was shown before, or that another worker has begun to show.
 * Chromium and Firefox excuse a push that shows nothing while something of the app's is on the
 * screen; elsewhere, or when nothing is, the message is shown again, without a sound.
 */
async function showAgain(
  { descriptor, message }: ChosenNotification,
  { at, shown }: ShownMessage,
  { scope }: WorkerContext,
): Promise<void> {
  const { registration, navigator } = scope
  const listing = withDeadline(registration.getNotifications(), lookMs, 'getNotifications()')
  const listed = (await listing.catch(() => [])).flatMap((notification) => {
    const record = readClickRecord(notification.data)
    return record ? [{ notification, id: record.id }] : []
  })
  const copies =
    message.id === undefined
      ? // Neutral ones are all alike: any of them is as good as the one that this message had.
        listed.filter(({ notification: { title } }) => title === descriptor.title).slice(0, 1)
      : listed.filter(({ id }) => id === message.id)
  // On iOS these two call themselves CriOS and FxiOS, and are WebKit.
  const excuses = /(Chrome|Firefox)\//.test(navigator.userAgent)
  if (excuses && (shown ? listed : copies).length > 0) return
  const { vibrate: _vibrate, ...quiet } = { ...descriptor, silent: true, renotify: false }
  const isQuiet = shown || Date.now() - at < begunMs
  // A message that came later may have taken its tag.
  const tag = shown && listed.length > 0 ? { tag: message.id ?? '' } : {}
  await show(scope, { ...(isQuiet ? quiet : descriptor), ...tag }, message)
  // Tags do not replace in WebKit (bug 258922). Where they do, closing the copy would close both.
  if (!excuses) for (const { notification } of copies) notification.close()
}

function remember(
  showing: Map<string, Promise<unknown>>,
  key: string,
  work: Promise<unknown>,
): void {
  showing.set(key, work)
  const [oldest] = showing.keys()
  if (showing.size > remembered && oldest !== undefined) showing.delete(oldest)
}
