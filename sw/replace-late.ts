import type { ChosenNotification } from './chosen-notification.ts'
import { readClickRecord } from './notification.ts'
import type { PushRun } from './push-run.ts'
import { quietly } from './quietly.ts'
import { arrange } from './run-parts.ts'
import { show } from './show.ts'
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
    const better = await arrange(await late, run, context)
    // Signed out since, or after the end.
    if (better.message.id === undefined || run.left(deadlines) === 0) return
    const listed = await scope.registration.getNotifications()
    if (!listed.some(({ data }) => readClickRecord(data)?.id === message.id)) return
    const { tag } = descriptor
    await show(scope, { ...quietly(better.descriptor), ...(tag && { tag }) }, better.message)
    await withdrawPrivate(better.message, context)
  }
  replace().catch(() => undefined)
}
