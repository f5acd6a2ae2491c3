import { defineMessages, message } from 'pushwell/messages'

/** Every message that this backend sends. */
export const messages = defineMessages({
  'order.shipped': message<{ orderId: string; eta: string }>(),
})
