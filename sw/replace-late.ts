import type { ChosenNotification } from './chosen-notification.ts'
import { loadPictures } from './load-pictures.ts'
import { readClickRecord } from './notification.ts'
import type { PushRun } from './push-run.ts'
import { quietly } from './quietly.ts'
import { noteFailures } from './note-failures.ts'
import { arrange } from './run-parts.ts'
import { leastMs, showReady } from './show.ts'
import { withdrawPrivate } from './withdraw-private.ts'
import type { WorkerContext } from './worker-context.ts'

/** Of how many deadlines a late route has: 20 s of 2.5 s, when browsers end an idle worker after 30. */
const deadlines = 8

/**
 * Puts what a route describes too late in the place of what was shown meanwhile, without a sound, if
 * that is still on the screen. The push does not wait for it: Chromium hands a registration the next
 * push once this one is over (156).
 *
 * @param late - Rejects when nothing came of it.
 */
export function replaceLate(
  { descriptor, message }: ChosenNotification,
  late: Promise<ChosenNotification>,
  run: PushRun,
  context: WorkerContext,
): void {
  const { scope } = context
  const replace = async () => {
    const better = await arrange(await late, run, context, deadlines)
    // Signed out since, or after the end.
    if (better.message.id === undefined || run.left(deadlines) === 0) return
    const loading = { timeoutMs: Math.round(run.left(deadlines) / 2) }
    const ready = await loadPictures(scope, better.descriptor, loading)
    const listed = await scope.registration.getNotifications()
    if (!listed.some(({ data }) => readClickRecord(data)?.id === message.id)) return
    const { tag } = descriptor
    // It is the same message: what a part has put there stays, should it not come to it again.
    const same = { record: message.record, ...better.message }
    const placed = { ...quietly(ready), ...(tag && { tag }) }
    const patienceMs = Math.max(leastMs, run.left(deadlines))
    await showReady(scope, placed, same, { run, patienceMs })
    await withdrawPrivate(same, context)
  }
  const replaceAndNote = async () => {
    await replace().catch(() => undefined)
    await noteFailures(run, context)
  }
  replaceAndNote().catch(() => undefined)
}
