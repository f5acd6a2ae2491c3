import { defineMessages, message, type MessageData, type StandardSchema } from 'pushwell/messages'

interface Meeting {
  readonly at: string
}

declare const meeting: StandardSchema<Meeting>

/** The messages of an app, as its page, its worker and its server share them. */
export const messages = defineMessages({
  'order.shipped': message<{ orderId: string; eta?: string }>(),
  'meeting.moved': meeting,
})

export const shipped: MessageData<(typeof messages)['order.shipped']> = { orderId: '42' }
// @ts-expect-error There is no such field.
export const wrongField: MessageData<(typeof messages)['order.shipped']> = { orderID: '42' }
// @ts-expect-error There is no such type.
export type WrongType = MessageData<(typeof messages)['order.shiped']>
// @ts-expect-error A message is a schema.
export const wrongMessages = defineMessages({ 'order.shipped': { orderId: '42' } })
