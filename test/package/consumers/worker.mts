import { createPushWorker, type NotificationDescriptor } from 'pushwell/sw'
import { messages } from './messages.mjs'

const fallback: NotificationDescriptor = { title: 'Acme', tag: 'fallback', navigate: '/' }

const worker = createPushWorker({ messages, fallback, allowedOrigins: ['https://shop.example'] })

worker
  .on('order.shipped', {
    notification: ({ data, id }) => ({
      title: `Order ${data.orderId} is on its way`,
      body: data.eta ?? 'Soon',
      tag: id ?? 'order',
      navigate: `/orders/${data.orderId}`,
      actions: [{ action: 'track', title: 'Track', navigate: `/track/${data.orderId}` }],
    }),
    click: ({ action, open }) => (action === 'track' ? open('/track') : open()),
  })
  .on('meeting.moved', { notification: async ({ data }) => ({ title: data.at }) })

// @ts-expect-error There is no such type.
worker.on('order.shiped', { notification: () => ({ title: 'Acme' }) })

worker.on('order.shipped', {
  // @ts-expect-error There is no such field.
  notification: ({ data }) => ({ title: data.orderID }),
})

// @ts-expect-error A notification has a title.
worker.on('order.shipped', { notification: () => ({ body: 'On its way' }) })

// @ts-expect-error There is no such option.
createPushWorker({ fallbacks: fallback })
