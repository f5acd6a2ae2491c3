import { withDeadline } from '../src/shared/deadline.ts'
import type { ShownMessage } from '../src/shared/shown-message.ts'
import { chooseNotification } from './choose-notification.ts'
import type { ChosenNotification } from './chosen-notification.ts'
import { excusesSilence } from './excuses-silence.ts'
import { messageIds, readClickRecord } from './notification.ts'
import type { PushRun } from './push-run.ts'
import { quietly } from './quietly.ts'
import { replaceLate } from './replace-late.ts'
import { arrange, isTaken } from './run-parts.ts'
import { show } from './show.ts'
import { shownKey } from './shown-log.ts'
import { takeAway } from './take-away.ts'
import { timeoutMs } from './tell-backend.ts'
import type { MessageAtWork, WorkerContext } from './worker-context.ts'

/**
 * Milliseconds that storage has in any case, and longer as long as the route is at work; and then
 * the list of what is on the screen.
 */
const lookMs = 150
/** Milliseconds in which another worker that has begun to show a message may still do so. */
const begunMs = 10_000
/** How many messages one run of a worker remembers. */
const remembered = 1000

/** What is known of a message that came before. */
interface KnownMessage extends ShownMessage {
  /** How it was shown, by this run of the worker. */
  readonly as?: ChosenNotification
  /** The push that showed it, where that should be over and is not. */
  readonly lasts?: Pick<MessageAtWork, 'over'> | undefined
}

/**
 * Shows a message, or sees to it that one that was shown before is not silent and not there twice.
 * Nothing is read for a message without an id.
 *
 * @param tell - Called once it is shown, or a page has taken it, with what was chosen, and whether it
 * was new.
 * @throws What the browser says: there is no permission.
 */
export async function showOnce(
  run: PushRun,
  context: WorkerContext,
  tell: (chosen: ChosenNotification, isNew: boolean) => Promise<unknown>,
): Promise<void> {
  const { home, scope, showing, shownLog } = context
  const { id, recipient } = run.received
  const key = id ? shownKey(home, id, recipient) : undefined
  const at = Date.now()
  const knowing = key === undefined ? undefined : lookUp(key, at, run, context)
  const choosing = chooseNotification(run, context)
  const place = async () => {
    const { chosen, late } = await choosing
    const before = await knowing?.()
    const isNew = !before?.shown
    let shown = chosen
    if (chosen.message.type && (await isTaken(chosen, isNew, run, context)))
      shown = { ...chosen, taken: true }
    else if (before) shown = await showAgain(chosen, before, run, context)
    else {
      shown = await arrange(chosen, run, context)
      const { message, descriptor } = shown
      await show(scope, descriptor, message, run)
      // Not where a part has put it in the place of others that it stands for; and WebKit may count
      // it as silent when what a push showed goes while it lasts.
      const group = message.record?.group
      const isOwn = group ? !group.folded : descriptor.tag === chosen.descriptor.tag
      if (late && message.id && isOwn && excusesSilence(scope))
        replaceLate(shown, late, run, context)
    }
    return { shown, isNew }
  }
  const keep = async () => {
    if (key === undefined) return
    const keeping = withDeadline(shownLog.confirm(key, at), timeoutMs, 'IndexedDB')
    await keeping.catch(() => undefined)
  }
  const placed = place()
  const over = placed.then(({ shown, isNew }) => Promise.all([keep(), tell(shown, isNew)]))
  if (key !== undefined) remember(showing, key, { placed, over })
  await over
}

/**
 * Finds out what is known of a message: from this run of the worker, else from storage.
 *
 * @returns What waits for that, called once the route has given what it gives.
 */
function lookUp(
  key: string,
  at: number,
  run: PushRun,
  { scope, showing, shownLog }: WorkerContext,
): () => Promise<KnownMessage | undefined> {
  const earlier = showing.get(key)
  if (!earlier) {
    const lookUntil = performance.now() + lookMs
    const claiming = shownLog.claim(key, at)
    claiming.catch(() => undefined)
    return () => {
      const leftMs = Math.max(0, Math.round(lookUntil - performance.now()))
      return run.step('storage', leftMs, () => claiming).catch(() => undefined)
    }
  }
  // WebKit counts a push as silent when what it showed goes while it lasts. Nobody misses anything
  // meanwhile: the message is there.
  const over = earlier.over.catch(() => undefined)
  return async () => {
    const wait = () => withDeadline(over, run.left(1), 'The first').then(() => undefined)
    const lasts = excusesSilence(scope) ? undefined : await wait().catch(() => ({ over }))
    return earlier.placed.then(
      ({ shown: as }) => ({ key, at, shown: true, as, lasts }),
      () => undefined,
    )
  }
}

/**
 * Answers the push of a message that was shown before, or that another worker has begun to show.
 * Chromium and Firefox excuse a push that shows nothing while something of the app's is on the
 * screen; elsewhere, or when nothing is, the message is shown again, without a sound.
 *
 * @returns What was shown; `chosen` when nothing was.
 */
async function showAgain(
  chosen: ChosenNotification,
  { at, shown, as = chosen, lasts }: KnownMessage,
  run: PushRun,
  context: WorkerContext,
): Promise<ChosenNotification> {
  const { scope } = context
  const list = async (listMs: number) => {
    const listing = withDeadline(scope.registration.getNotifications(), listMs, 'The list')
    return (await listing.catch(() => [])).flatMap((notification) => {
      const record = readClickRecord(notification.data)
      return record ? [{ notification, record, ids: messageIds(record) }] : []
    })
  }
  const copiesIn = (all: Awaited<ReturnType<typeof list>>) =>
    as.message.id === undefined
      ? // Neutral ones are all alike: any of them is as good as the one that this message had.
        all.filter(({ notification: { title } }) => title === as.descriptor.title).slice(0, 1)
      : all.filter(({ ids }) => ids.includes(as.message.id))
  // Nobody waits for a message that is there: a list that comes late is better than none.
  const listed = await list(Math.max(lookMs, run.left(1)))
  const excuses = excusesSilence(scope)
  if (excuses && (shown ? listed : copiesIn(listed)).length > 0) return chosen
  const arranged = await arrange({ ...chosen, again: true }, run, context)
  const { descriptor, message } = arranged
  const isQuiet = shown || Date.now() - at < begunMs
  // A message that came later may have taken its tag; and what lasts must not be replaced.
  const apart = lasts && `${Math.random()}`
  const tag = apart ?? (shown && listed.length > 0 ? message.id : descriptor.tag) ?? ''
  await show(scope, { ...(isQuiet ? quietly(descriptor) : descriptor), tag }, message, run)
  // Tags do not replace in WebKit (bug 258922). Where they do, closing the copy would close both.
  if (excuses) return arranged
  const takeCopies = async () => {
    let there = listed
    if (lasts) {
      await lasts.over
      // The browser hears of it a moment later.
      await new Promise((resolve) => setTimeout(resolve, lookMs))
      there = (await list(timeoutMs)).filter(({ notification }) => notification.tag !== apart)
    }
    for (const { notification, record } of copiesIn(there)) {
      await takeAway(notification, record, message.id, context).catch(() => undefined)
    }
  }
  await withDeadline(takeCopies(), timeoutMs, 'The first').catch(() => undefined)
  return arranged
}

function remember(showing: WorkerContext['showing'], key: string, work: MessageAtWork): void {
  showing.set(key, work)
  const [oldest] = showing.keys()
  if (showing.size > remembered && oldest !== undefined) showing.delete(oldest)
}
