import { lookAgainMs } from './choose-notification.ts'
import type { ChosenNotification } from './chosen-notification.ts'
import { readRecipient } from './read-recipient.ts'
import { show } from './show.ts'
import { withdrawPrivate } from './withdraw-private.ts'
import type { WorkerContext } from './worker-context.ts'

/**
 * Shows a notification later than its message's own push, if whoever it is for is still known to be
 * here, and takes it back when they sign out at that moment. One for nobody in particular is shown
 * in any case.
 *
 * @returns Whether it is there to stay.
 * @throws What the browser says: there is no permission.
 */
export async function showPrivate(
  { descriptor, message }: ChosenNotification,
  context: WorkerContext,
): Promise<boolean> {
  const { recipient } = message
  const looking = async () => recipient && readRecipient(context, lookAgainMs)
  if ((await looking().catch(() => undefined)) !== recipient) return false
  await show(context.scope, descriptor, message)
  return !(await withdrawPrivate(message, context))
}
