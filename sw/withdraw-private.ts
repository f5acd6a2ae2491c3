import { withDeadline } from '../src/shared/deadline.ts'
import { lookAgainMs, neutralNotification } from './choose-notification.ts'
import { type MessageIdentity, readClickRecord } from './notification.ts'
import { quietly } from './quietly.ts'
import { readRecipient } from './read-recipient.ts'
import { show } from './show.ts'
import type { WorkerContext } from './worker-context.ts'

/**
 * Looks once more after a message for somebody was shown: whoever signs out at that moment closes
 * what is on the screen, and may have been too early for it. Then the neutral notification takes
 * its place.
 *
 * @returns Whether it did.
 */
export async function withdrawPrivate(
  { recipient }: MessageIdentity,
  context: WorkerContext,
): Promise<boolean> {
  if (recipient === undefined) return false
  // They were here just before it was shown: a database that fails or is slow takes nothing back.
  const here = await readRecipient(context, lookAgainMs).catch(() => recipient)
  if (here === recipient) return false
  const { scope } = context
  const { descriptor, message } = neutralNotification(context)
  // Shown first: a push that leaves nothing on the screen counts against the app.
  await show(scope, quietly(descriptor), message)
  const close = async () => {
    for (const notification of await scope.registration.getNotifications()) {
      if (readClickRecord(notification.data)?.recipient === recipient) notification.close()
    }
  }
  // A list that comes later still has them closed.
  await withDeadline(close(), lookAgainMs, 'getNotifications()').catch(() => undefined)
  return true
}
