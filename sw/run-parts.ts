import { withDeadline } from '../src/shared/deadline.ts'
import type { ReceivedMessage } from '../src/shared/parse-message.ts'
import type { ChosenNotification } from './choose-notification.ts'
import { timeoutMs } from './tell-backend.ts'
import type { WorkerContext } from './worker-context.ts'
import type { WorkerPart } from './worker-part.ts'

/** Milliseconds that one part may hold up a notification. */
const arrangeMs = 250

/** Has every part have its say in what is shown, one after the other. Never rejects. */
export async function arrange(
  chosen: ChosenNotification,
  received: ReceivedMessage,
  context: WorkerContext,
): Promise<ChosenNotification> {
  let best = chosen
  for (const { arrange: change } of context.parts) {
    if (!change) continue
    const changing = (async () => change(best, received, context))()
    best = await withDeadline(changing, arrangeMs, 'A part').catch(() => best)
  }
  return best
}

/** Tells every part that something has happened, all at once. Never rejects. */
export async function tellParts(
  { parts }: WorkerContext,
  tell: (part: WorkerPart) => unknown,
): Promise<void> {
  await Promise.all(
    parts.map((part) =>
      withDeadline((async () => tell(part))(), timeoutMs, 'A part').catch(() => undefined),
    ),
  )
}
