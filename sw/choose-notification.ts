import { withDeadline } from '../src/shared/deadline.ts'
import type { PushStage } from '../src/shared/push-failure.ts'
import type { ChosenNotification } from './chosen-notification.ts'
import { cleanNotification } from './clean-notification.ts'
import type { MessageIdentity, NotificationDescriptor } from './notification.ts'
import type { PushRun } from './push-run.ts'
import { readRecipient } from './read-recipient.ts'
import { checkData } from './route.ts'
import { saidMembers } from './said-members.ts'
import type { WorkerContext } from './worker-context.ts'

/** What is certain by the deadline, and what may come yet. */
export interface NotificationChoice {
  readonly chosen: ChosenNotification
  /** What the route gives after the deadline. Rejects when that is nothing. */
  readonly late?: Promise<ChosenNotification>
}

/** Milliseconds to look once more who is signed in: what is late must still be shown in time. */
export const lookAgainMs = 250

/** Of the deadline, what a route has until its signal says that it should come to an end. */
const signalAfter = 0.7
/** Of the deadline, what a route has: what comes after it takes time as well. */
const routeUntil = 0.8

/** The notification in the place of one that is not for whoever is here. */
export function neutralNotification(context: WorkerContext): ChosenNotification {
  return finish(context.neutral, {}, context)
}

/**
 * Chooses the notification for a message: the neutral one when it is for somebody who is not known
 * to be here, else its route's, its own, or the fallback. Whatever fails or hangs, the best that is
 * certain by the deadline is given; it never rejects.
 */
export async function chooseNotification(
  run: PushRun,
  context: WorkerContext,
): Promise<NotificationChoice> {
  const { id, type = '', text, recipient, notification, data: received } = run.received
  const { stale, expiresAt = Infinity } = run.received
  const { fallback, home, options, records, router } = context
  const { messages } = options
  // Made only once it is shown: most have something better a moment later.
  let best = () => neutralNotification(context)
  let stage: PushStage = 'recipient'
  let isOver = false
  const improve = async () => {
    try {
      if (recipient !== undefined && (await records.get(home))?.recipient !== recipient) return
      const isStale = expiresAt < Date.now()
      const own = isStale ? stale : notification
      const descriptor = own ?? overlay(text ? { body: text } : {}, fallback)
      // Without a type, what is out of date and data that did not fit get the default click.
      best = () => finish(descriptor, { id, recipient }, context)
      if (isStale) return
      stage = 'validate'
      const schema = messages && Object.hasOwn(messages, type) ? messages[type] : undefined
      const data = schema ? await checkData(received, schema) : received
      const message = { id, recipient, type, data }
      best = () => finish(descriptor, message, context)
      stage = 'route'
      const found = router.find(type, !messages || schema !== undefined)
      const route = found && 'then' in found ? await found : found
      let made: AbortSignal | undefined
      const told = {
        id,
        type,
        data,
        notification,
        // Made only for routes that look at it.
        get signal() {
          return (made ??= AbortSignal.timeout(run.left(signalAfter)))
        },
      }
      const described = router.describe(told, route, descriptor)
      const given = 'then' in described ? await described : described
      const finished = finish(given, message, context)
      best = () => finished
    } finally {
      isOver = true
    }
  }
  /** They may have signed out while the route was at work. */
  const lookAgain = async () => {
    const chosen = best()
    if (chosen.message.recipient === undefined) return chosen
    const here = await readRecipient(context, lookAgainMs).catch(() => undefined)
    return here === recipient ? chosen : neutralNotification(context)
  }
  const improving = improve()
  // What has waited for nothing is over at once, and needs no timer.
  const inTime = isOver ? improving : withDeadline(improving, run.left(routeUntil), 'The route')
  await inTime.catch((error: unknown) => run.fail(stage, error))
  const isFinal = isOver
  const chosen = await lookAgain()
  if (isFinal) return { chosen }
  const late = improving.then(lookAgain)
  late.catch(() => undefined)
  return { chosen, late }
}

/** Makes a notification fit for this browser, with a tag by which it is replaced and never doubled. */
export function finish(
  described: NotificationDescriptor,
  message: MessageIdentity,
  { home, options, allowedOrigins, scope }: WorkerContext,
): ChosenNotification {
  const full = overlay(options.defaults, described)
  const isTag = /string|number/.test(typeof full.tag)
  const tag = (isTag && full.tag) || (message.id ?? full.tag)
  const rules = { home, allowedOrigins, maxActions: scope.Notification?.maxActions }
  const descriptor = cleanNotification({ ...full, tag }, rules)
  return { descriptor, message }
}

/** Lays one description over another; what the upper one has no value for shows through. */
function overlay(
  under: Partial<NotificationDescriptor> | undefined,
  over: NotificationDescriptor,
): NotificationDescriptor {
  if (!under) return over
  return { ...under, ...saidMembers(over) }
}
