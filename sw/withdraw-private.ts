import { lookAgainMs, neutralNotification } from './choose-notification.ts'
import { type MessageIdentity, readClickRecord } from './notification.ts'
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
  // They were here just before it was shown: a slow database takes nothing back.
  const here = await readRecipient(context, lookAgainMs).catch(() => recipient)
  if (here === recipient) return false
  const { scope } = context
  const { descriptor, message } = neutralNotification(context)
  // Shown first: a push that leaves nothing on the screen counts against the app.
  await show(scope, descriptor, message)
  for (const notification of await scope.registration.getNotifications()) {
    if (readClickRecord(notification.data)?.recipient === recipient) notification.close()
  }
  return true
}
