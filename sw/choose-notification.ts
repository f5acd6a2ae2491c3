import { withDeadline } from '../src/shared/deadline.ts'
import type { ReceivedMessage } from '../src/shared/parse-message.ts'
import { cleanNotification } from './clean-notification.ts'
import type { MessageIdentity, NotificationDescriptor } from './notification.ts'
import { readRecipient } from './read-recipient.ts'
import { checkData } from './route.ts'
import type { WorkerContext } from './worker-context.ts'

/** What to show for a message. */
export interface ChosenNotification {
  readonly descriptor: NotificationDescriptor
  /** What its click and the pages may know of the message. */
  readonly message: MessageIdentity
}

/** Milliseconds to look once more who is signed in: what is late must still be shown in time. */
export const lookAgainMs = 250

/** The notification in the place of one that is not for whoever is here. */
export function neutralNotification(context: WorkerContext): ChosenNotification {
  const { home, options } = context
  const { neutral = { title: new URL(home).host }, defaults } = options
  return { descriptor: clean(overlay(defaults, neutral), {}, context), message: {} }
}

/**
 * Chooses the notification for a message: the neutral one when it is for somebody who is not known
 * to be here, else its route's, its own, or the fallback. Whatever fails or hangs, the best that is
 * certain by the deadline is given; it never rejects.
 */
export async function chooseNotification(
  { id, type = '', text, recipient, notification, data: received }: ReceivedMessage,
  context: WorkerContext,
): Promise<ChosenNotification> {
  const { home, options, records, router } = context
  const { messages, fallback, defaults, deadlineMs = 2500 } = options
  const plain: NotificationDescriptor = { title: new URL(home).host }
  let best = neutralNotification(context)
  const improve = async () => {
    if (recipient !== undefined && (await records.get(home))?.recipient !== recipient) return
    const descriptor = notification ?? overlay(text ? { body: text } : {}, fallback ?? plain)
    // Without its type, data that did not fit gets the default click.
    best = { descriptor, message: { id, recipient } }
    const schema = messages && Object.hasOwn(messages, type) ? messages[type] : undefined
    const data = await checkData(received, schema)
    const message = { id, recipient, ...(type && { type, data }) }
    best = { descriptor, message }
    const route = await router.find(type, !messages || schema !== undefined)
    const described = await router.describe({ id, type, data, notification }, route, descriptor)
    best = { descriptor: described, message }
  }
  await withDeadline(improve(), deadlineMs, 'The route').catch(() => undefined)
  const { descriptor, message } = best
  if (message.recipient !== undefined) {
    // They may have signed out while the route was at work.
    const here = await readRecipient(context, lookAgainMs).catch(() => undefined)
    if (here !== recipient) return neutralNotification(context)
  }
  return { descriptor: clean(overlay(defaults, descriptor), message, context), message }
}

/** Makes a notification fit for this browser, with a tag by which it is replaced and never doubled. */
function clean(
  descriptor: NotificationDescriptor,
  { id }: MessageIdentity,
  { home, allowedOrigins, scope }: WorkerContext,
): NotificationDescriptor {
  const tag = descriptor.tag || id
  return cleanNotification(tag === undefined ? descriptor : { ...descriptor, tag }, {
    home,
    allowedOrigins,
    maxActions: scope.Notification?.maxActions,
  })
}

/** Lays one description over another; what the upper one has no value for shows through. */
function overlay(
  under: Partial<NotificationDescriptor> | undefined,
  over: NotificationDescriptor,
): NotificationDescriptor {
  const said = Object.entries(over).filter(([, value]) => value !== undefined)
  return { ...under, ...(Object.fromEntries(said) as unknown as NotificationDescriptor) }
}
