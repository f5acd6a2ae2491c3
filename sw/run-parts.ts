import { withDeadline } from '../src/shared/deadline.ts'
import type { ReceivedMessage } from '../src/shared/parse-message.ts'
import type { ChosenNotification } from './chosen-notification.ts'
import { isNotificationDescriptor } from './notification.ts'
import type { PushRun } from './push-run.ts'
import { timeoutMs } from './tell-backend.ts'
import type { WorkerContext } from './worker-context.ts'
import type { WorkerPart } from './worker-part.ts'

/** Milliseconds that one part may hold up a notification. */
const arrangeMs = 250

/** Of the deadline, what all parts together have before a route is asked. */
const receiveUntil = 0.5

/** Has every part change a message before anything is made of it, one after the other. Never rejects. */
export async function receive(run: PushRun, context: WorkerContext): Promise<void> {
  for (const { receive: change } of context.parts) {
    if (!change) continue
    const changing = async () => checked((await change(run.received, context)) ?? run.received)
    run.received = await run
      .step('receive', run.left(receiveUntil), changing)
      .catch(() => run.received)
  }
}

/** @throws TypeError when it is no message, or has a notification without a title. */
function checked(message: ReceivedMessage): ReceivedMessage {
  const { notification: own, stale = own } = Object(message) as Partial<ReceivedMessage>
  const isRight = [own, stale].every((it) => it === undefined || isNotificationDescriptor(it))
  if (typeof message === 'object' && isRight) return message
  throw new TypeError('A part must give a notification with a title.')
}

/**
 * Has every part have its say in what is shown, one after the other. Never rejects.
 *
 * @param deadlines - Until when they have it: so many deadlines after the push came.
 */
export async function arrange(
  chosen: ChosenNotification,
  run: PushRun,
  context: WorkerContext,
  deadlines = 1,
): Promise<ChosenNotification> {
  let best = chosen
  for (const { arrange: change } of context.parts) {
    if (!change) continue
    const changing = async () => {
      const changed = await change(best, run.received, context)
      if (isNotificationDescriptor(changed.descriptor)) return changed
      throw new TypeError('A part must give a notification with a title.')
    }
    const leftMs = Math.min(arrangeMs, run.left(deadlines))
    best = await run.step('arrange', leftMs, changing).catch(() => best)
  }
  return best
}

/** Asks the parts whether somebody else takes the message, so that nothing is shown. Never rejects. */
export async function isTaken(
  chosen: ChosenNotification,
  isNew: boolean,
  run: PushRun,
  context: WorkerContext,
): Promise<boolean> {
  for (const { take } of context.parts) {
    if (!take) continue
    const taking = () => take(chosen, isNew, context)
    if (await run.step('foreground', run.left(1), taking).catch(() => false)) return true
  }
  return false
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
