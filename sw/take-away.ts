import { withDeadline } from '../src/shared/deadline.ts'
import { closeNotification } from './close-notification.ts'
import { excusesSilence } from './excuses-silence.ts'
import { type ClickRecord, shownBy } from './notification.ts'
import { shownKey } from './shown-log.ts'
import type { WorkerContext } from './worker-context.ts'
import type { WorkerNotification } from './worker-scope.ts'

/** Milliseconds for the end of a push whose notification is there already. */
const endMs = 3000
/** Milliseconds from the end of a push's work until the browser has looked at what it showed. */
const settleMs = 100

/**
 * Closes a notification of ours. WebKit counts a push as silent when what it showed goes while it
 * lasts: there that push has to be over.
 *
 * @param id - The message whose push closes it.
 * @throws PushwellError `timeout` when it is not over for long: the notification stays.
 */
export async function takeAway(
  notification: WorkerNotification | undefined,
  record: ClickRecord,
  id: string | undefined,
  context: Pick<WorkerContext, 'ended' | 'home' | 'scope' | 'showing'>,
): Promise<void> {
  const { home, scope, showing } = context
  const by = shownBy(record)
  const push = by && showing.get(shownKey(home, by, record.recipient))
  if (push && by !== id && !excusesSilence(scope)) {
    const over = push.over.catch(() => undefined)
    await withDeadline(over, endMs, 'The push before')
    // The browser hears of it a moment later.
    await new Promise((resolve) => setTimeout(resolve, settleMs))
  }
  closeNotification(notification, record, context)
}
