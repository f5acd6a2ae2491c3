import { syncTag, type WorkerQuestion } from '../src/shared/channel.ts'
import { withDeadline } from '../src/shared/deadline.ts'
import { PushwellError } from '../src/shared/errors.ts'
import { version } from '../src/shared/version.ts'
import type { ChosenNotification } from './chosen-notification.ts'
import { answerClick } from './click.ts'
import { readClickRecord } from './notification.ts'
import { noteFailures } from './note-failures.ts'
import { createPushRun, type PushRun } from './push-run.ts'
import { readMessage } from './read-message.ts'
import { report } from './report.ts'
import { receive, tellParts } from './run-parts.ts'
import { showOnce } from './show-once.ts'
import { renewSubscription } from './subscription-change.ts'
import { tellBackend } from './tell-backend.ts'
import { tellPages } from './tell-pages.ts'
import { withdrawPrivate } from './withdraw-private.ts'
import type { WorkerContext } from './worker-context.ts'

/** Milliseconds that a push is held open for what comes after its notification. */
const heldMs = 500

/**
 * Adds the listeners of a push worker. Must be called while the script is first evaluated, as
 * browsers wake a worker only for the events that it listened to then.
 */
export function listen(context: WorkerContext): void {
  const { scope } = context
  scope.addEventListener('push', (event) => {
    const { options, deadlineMs } = context
    const run = createPushRun({}, deadlineMs)
    const received = readMessage(event, options, (error) => run.fail('parse', error))
    if (!received) return
    run.received = received
    if (event.data && Object.keys(received).length === 0) run.fail('parse', undefined)
    // Of several handlers each would show what looks like a notification.
    if (options.take !== undefined && options.take !== 'all') event.stopImmediatePropagation()
    event.waitUntil(showPush(run, context))
  })
  scope.addEventListener('notificationclick', (event) => {
    event.waitUntil(answerClick(event, context))
  })
  scope.addEventListener('notificationclose', (event) => {
    const { notification } = event
    const record = readClickRecord(notification.data)
    if (!record || (record.id && context.ended.delete(record.id))) return
    event.waitUntil(tellParts(context, (part) => part.closed?.(record, context, notification)))
  })
  scope.addEventListener('pushsubscriptionchange', (event) => {
    event.waitUntil(renewSubscription(event, context))
  })
  scope.addEventListener('sync', (event) => {
    if (event.tag === syncTag) event.waitUntil(syncBackend(context))
  })
  scope.addEventListener('message', (event) => {
    const { data, ports } = event
    const { pushwell, kind } = (data ?? {}) as Partial<WorkerQuestion>
    if (pushwell !== 1) return
    if (kind === 'version') ports[0]?.postMessage({ version })
    if (kind === 'report') event.waitUntil(report(context).then((it) => ports[0]?.postMessage(it)))
  })
}

/**
 * Shows a message, and sees to what has to be done once it is there. That is begun at once, and goes
 * on when the push is over: Chromium hands a registration the next push then (156).
 */
async function showPush(run: PushRun, context: WorkerContext): Promise<void> {
  const whileHeld = (work: Promise<unknown>) =>
    withDeadline(work, heldMs, 'What comes after').catch(() => undefined)
  try {
    await receive(run, context)
    await showOnce(run, context, async (chosen, isNew) => {
      const isWithdrawn = !chosen.taken && (await withdrawPrivate(chosen.message, context))
      const placed = isWithdrawn
        ? undefined
        : tellParts(context, (part) => part.placed?.(chosen, run.received, context))
      const told = isNew && !isWithdrawn ? tellShown(chosen, run, context) : undefined
      const noted = noteFailures(run, context)
      await whileHeld(Promise.all([placed, told, noted, tellBackend('push', context)]))
    })
  } catch (error) {
    await whileHeld(noteFailures(run, context))
    throw error
  }
}

/** Tells pages and parts of a message that is on the screen now, or that a page took. */
function tellShown(
  chosen: ChosenNotification,
  { received }: PushRun,
  context: WorkerContext,
): Promise<void> {
  const { taken, message: identity } = chosen
  const { id, type, data } = identity
  if (type) {
    const message = { id, type, data, ...(taken && { taken }) }
    tellPages({ pushwell: 1, scope: context.home, kind: 'message', message })
  }
  return tellParts(context, (part) => part.shown?.(chosen, received, context))
}

/** Has the browser try again when the backend could not be told. */
async function syncBackend(context: WorkerContext): Promise<void> {
  const { retry } = (await tellBackend('sync', context)) ?? {}
  if (retry) throw new PushwellError(retry.code, 'The backend could not be told yet.')
}
