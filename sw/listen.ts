import { syncTag, type WorkerQuestion } from '../src/shared/channel.ts'
import { PushwellError } from '../src/shared/errors.ts'
import { version } from '../src/shared/version.ts'
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

async function showPush(run: PushRun, context: WorkerContext): Promise<void> {
  try {
    await receive(run, context)
    await showOnce(run, context, async (chosen, isNew) => {
      const isWithdrawn = !chosen.taken && (await withdrawPrivate(chosen.message, context))
      if (isNew && !isWithdrawn) {
        const { taken } = chosen
        const { id, type, data } = chosen.message
        if (type !== undefined) {
          const message = { id, type, data, ...(taken && { taken }) }
          tellPages({ pushwell: 1, scope: context.home, kind: 'message', message })
        }
        await tellParts(context, (part) => part.shown?.(chosen, run.received, context))
      }
      await noteFailures(run, context)
      await tellBackend('push', context)
    })
  } catch (error) {
    await noteFailures(run, context)
    throw error
  }
}

/** Has the browser try again when the backend could not be told. */
async function syncBackend(context: WorkerContext): Promise<void> {
  const { retry } = (await tellBackend('sync', context)) ?? {}
  if (retry) throw new PushwellError(retry.code, 'The backend could not be told yet.')
}
