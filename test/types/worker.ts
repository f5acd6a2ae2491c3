/** What the types of `pushwell/sw` take and refuse. Checked by `tsc`, never run. */
import {
  defineMessages,
  message,
  type StandardSchema,
  type WithActions,
} from '../../src/shared/message.ts'
import { createPushWorker } from '../../sw/index.ts'

declare const checked: StandardSchema<{ n: number }>
const chat: WithActions<typeof checked, 'reply'> = checked

export const messages = defineMessages({
  'order.shipped': message<{ orderId: string }, 'track' | 'later'>(),
  'order.paid': message<{ sum: number }>(),
  'chat.message': chat,
})

export function typed(): void {
  createPushWorker({ messages })
    .on('order.shipped', {
      notification: ({ data }) => ({
        title: data.orderId,
        actions: [{ action: 'track', title: 'Track' }],
      }),
      click: ({ action }) => action === 'later' || action === '',
    })
    .on('order.paid', {
      notification: () => ({ title: 'Paid', actions: [{ action: 'anything', title: 'Any' }] }),
      click: ({ action }) => action === 'anything',
    })
    .on('chat.message', {
      notification: async () => ({
        title: 'Ada',
        actions: [{ action: 'reply', title: 'Reply', type: 'text', post: { url: '/replies' } }],
      }),
    })

  createPushWorker({ messages }).on('order.shipped', {
    // @ts-expect-error The message has no such button.
    notification: () => ({ title: 'Order', actions: [{ action: 'trakc', title: 'Track' }] }),
    // @ts-expect-error Nor can it be clicked.
    click: ({ action }) => action === 'trakc',
  })
  createPushWorker({ messages }).on('chat.message', {
    notification: () => ({ title: 'Ada' }),
    // @ts-expect-error The button is another type's.
    click: ({ action }) => action === 'track',
  })
  createPushWorker({ messages }).on('order.*', {
    notification: () => ({ title: 'Order' }),
    // With the type, what its buttons are is known as well.
    click: (click) => click.type === 'order.shipped' && click.action === 'track',
  })
}
