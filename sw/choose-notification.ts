import { withDeadline } from '../src/shared/deadline.ts'
import type { ReceivedMessage } from '../src/shared/parse-message.ts'
import type { MessageIdentity, NotificationDescriptor } from './notification.ts'
import { checkData, describeMessage } from './route.ts'
import type { WorkerContext } from './worker-context.ts'

/** What to show for a message. */
export interface ChosenNotification {
  readonly descriptor: NotificationDescriptor
  /** What its click and the pages may know of the message. */
  readonly message: MessageIdentity
}

/**
 * Chooses the notification for a message: the neutral one when it is for somebody who is not known
 * to be here, else its route's, its own, or the fallback. Whatever fails or hangs, the best that is
 * certain by the deadline is given; it never rejects.
 */
export async function chooseNotification(
  { id, type = '', text, recipient, notification, data: received }: ReceivedMessage,
  { home, options, records, routes }: WorkerContext,
): Promise<ChosenNotification> {
  const { messages = {}, neutral, fallback, defaults, deadlineMs = 2500 } = options
  const plain: NotificationDescriptor = { title: new URL(home).host }
  let best: ChosenNotification = { descriptor: neutral ?? plain, message: {} }
  const improve = async () => {
    if (recipient !== undefined && (await records.get(home))?.recipient !== recipient) return
    const descriptor = notification ?? overlay(text ? { body: text } : {}, fallback ?? plain)
    // Without its type, data that did not fit gets the default click.
    best = { descriptor, message: { id, recipient } }
    const schema = Object.hasOwn(messages, type) ? messages[type] : undefined
    const data = await checkData(received, schema)
    const message = { id, recipient, ...(type && { type, data }) }
    best = { descriptor, message }
    const route = routes.get(type)
    if (!route) return
    best = { descriptor: await describeMessage({ id, data, notification }, route), message }
  }
  await withDeadline(improve(), deadlineMs, 'The route').catch(() => undefined)
  return { ...best, descriptor: overlay(defaults, best.descriptor) }
}

/** Lays one description over another; what the upper one has no value for shows through. */
function overlay(
  under: Partial<NotificationDescriptor> | undefined,
  over: NotificationDescriptor,
): NotificationDescriptor {
  const said = Object.entries(over).filter(([, value]) => value !== undefined)
  return { ...under, ...(Object.fromEntries(said) as unknown as NotificationDescriptor) }
}
