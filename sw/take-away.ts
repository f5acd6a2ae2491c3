import { withDeadline } from '../src/shared/deadline.ts'
import { excusesSilence } from './excuses-silence.ts'
import { type ClickRecord, shownBy } from './notification.ts'
import { shownKey } from './shown-log.ts'
import type { WorkerContext } from './worker-context.ts'
import type { WorkerNotification } from './worker-scope.ts'

/** Milliseconds from the end of a push's work until the browser has looked at what it showed. */
const settleMs = 100

/**
 * Closes a notification of ours. WebKit counts a push as silent when what it showed goes while it
 * lasts: there that push has to be over. While it is not, the notification stays.
 *
 * @param id - The message whose push closes it.
 */
export async function takeAway(
  notification: WorkerNotification | undefined,
  record: ClickRecord,
  id: string | undefined,
  { deadlineMs, ended, home, scope, showing }: WorkerContext,
): Promise<void> {
  const by = shownBy(record)
  const push = by && showing.get(shownKey(home, by, record.recipient))
  if (push && by !== id && !excusesSilence(scope)) {
    const over = push.over.catch(() => undefined)
    await withDeadline(over, deadlineMs, 'The push before')
    // The browser hears of it a moment later.
    await new Promise((resolve) => setTimeout(resolve, settleMs))
  }
  if (record.id) ended.add(record.id)
  notification?.close()
}
