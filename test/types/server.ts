/** What the types of `pushwell/server` take and refuse. Checked by `tsc`, never run. */
import { createPushSender, type SendOutcome, type VapidOptions } from '../../src/server/index.ts'
import { defineMessages, message, type StandardSchema } from '../../src/shared/message.ts'
import type { PushSubscriptionData } from '../../src/shared/subscription.ts'

declare const vapid: VapidOptions
declare const subscription: PushSubscriptionData
declare const transforming: StandardSchema<{ at: string }, { at: Date }>

export const messages = defineMessages({
  'order.shipped': message<{ orderId: string; eta?: string }>(),
  'cart.emptied': message<undefined>(),
  'meeting.moved': transforming,
})

export async function typed(): Promise<void> {
  const sender = createPushSender({ vapid, messages })

  await sender.send(subscription, { type: 'order.shipped', data: { orderId: '42' } })
  await sender.send(subscription, { type: 'cart.emptied' })
  // What goes in is what a schema takes, not what it makes of it.
  await sender.send(subscription, { type: 'meeting.moved', data: { at: '2027-01-01' } })
  await sender.send(subscription, { notification: { title: 'Hello' } })
  await sender.send(subscription, { payload: 'my own format' })
  await sender.send(subscription, null)

  // @ts-expect-error There is no such type.
  await sender.send(subscription, { type: 'order.shiped', data: { orderId: '42' } })
  // @ts-expect-error There is no such field.
  await sender.send(subscription, { type: 'order.shipped', data: { orderID: '42' } })
  // @ts-expect-error The field is a string.
  await sender.send(subscription, { type: 'order.shipped', data: { orderId: 42 } })
  // @ts-expect-error The data is missing.
  await sender.send(subscription, { type: 'order.shipped' })
  // @ts-expect-error The data is another type's.
  await sender.send(subscription, { type: 'meeting.moved', data: { orderId: '42' } })
  // @ts-expect-error The schema takes text.
  await sender.send(subscription, { type: 'meeting.moved', data: { at: new Date() } })
  // @ts-expect-error Data goes with a type.
  await sender.send(subscription, { data: { orderId: '42' } })
  // @ts-expect-error A notification has a title.
  await sender.send(subscription, { notification: { body: 'Hello' } })
  // @ts-expect-error There is no such field of a notification.
  await sender.send(subscription, { notification: { title: 'Hello', url: '/' } })
  // @ts-expect-error There is no such urgency.
  await sender.send(subscription, null, { urgency: 'urgent' })
  // @ts-expect-error There has to be a message, if only null.
  await sender.send(subscription)
  // @ts-expect-error A subscription has keys.
  await sender.send({ endpoint: 'https://push.example.net/p' }, null)
}

export async function untyped(): Promise<void> {
  const sender = createPushSender({ vapid })

  await sender.send(subscription, { type: 'anything', data: { at: 'all' } })
  await sender.send(subscription, { data: 5 })

  // @ts-expect-error A type is text.
  await sender.send(subscription, { type: 5 })
  // @ts-expect-error There is no such field.
  await sender.send(subscription, { notifications: { title: 'Hello' } })
}

export async function severalPairs({ subject, ...pair }: VapidOptions): Promise<void> {
  const sender = createPushSender({ vapid: { subject, keys: [pair, pair] } })

  await sender.send(subscription, null, { applicationServerKey: pair.publicKey })

  // @ts-expect-error Pairs need a subject as well.
  createPushSender({ vapid: { keys: [pair] } })
  // @ts-expect-error A pair has a private key.
  createPushSender({ vapid: { subject, keys: [{ publicKey: pair.publicKey }] } })
}

/** Every outcome is told from the others by its status. */
export function told(outcome: SendOutcome): unknown {
  if (outcome.status === 'accepted') return [outcome.id, outcome.location, outcome.httpStatus]
  if (outcome.status === 'retry') return [outcome.retryAfterMs, outcome.reason, outcome.cause]
  if (outcome.status === 'rejected') return [outcome.reason === 'unauthorized', outcome.detail]
  // @ts-expect-error Nothing more is said of what is gone.
  return outcome.reason
}

export async function toAll(
  records: AsyncIterable<{ readonly id: string; readonly subscription: PushSubscriptionData }>,
): Promise<void> {
  const sender = createPushSender({ vapid, messages })
  const shipped = { type: 'order.shipped', data: { orderId: '42' } } as const

  for await (const { target, outcome } of sender.sendAll(records, shipped)) {
    if (outcome.status === 'gone') void target.id
    if (outcome.status === 'checked') void outcome.id
  }
  for await (const { target } of sender.sendAll([subscription], () => shipped)) {
    void target.endpoint
    // @ts-expect-error A subscription alone has no id.
    void target.id
  }
  sender.sendAll(records, ({ id }) => ({ type: 'order.shipped', data: { orderId: id } }))

  // @ts-expect-error There is no such type.
  sender.sendAll(records, { type: 'order.shiped', data: { orderId: '42' } })
  // @ts-expect-error Of each message the data is checked.
  sender.sendAll(records, () => ({ type: 'order.shipped', data: { orderID: '42' } }))
  // @ts-expect-error There is nothing in it to send to.
  sender.sendAll([{ id: '42' }], shipped)
}
