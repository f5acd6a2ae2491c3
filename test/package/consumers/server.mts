import {
  createMemoryStore,
  createPushSender,
  createSubscriptionHandler,
  generateVapidKeys,
  type PushSender,
  type SendOutcome,
  type SubscriptionHandler,
} from 'pushwell/server'
import { messages } from './messages.mjs'

const keys = await generateVapidKeys()
const store = createMemoryStore()

export const handler: SubscriptionHandler = createSubscriptionHandler({
  store,
  authorize: (request) => ({ recipient: request.headers.get('x-user') }),
  applicationServerKey: keys.publicKey,
})

export const sender: PushSender<typeof messages> = createPushSender({
  vapid: { subject: 'mailto:ops@example.com', ...keys },
  messages,
  fetch: (url, init) => fetch(url, init),
})

export async function sendAll(signal: AbortSignal): Promise<SendOutcome['status'][]> {
  const statuses: SendOutcome['status'][] = []
  for await (const { subscription, id } of store.list({ recipient: 'user-42' })) {
    const message = { type: 'order.shipped', data: { orderId: '42' } } as const
    const outcome = await sender.send(subscription, message, { ttl: 60, urgency: 'high', signal })
    if (outcome.status === 'gone') await store.remove(id)
    // @ts-expect-error Only an accepted message has an id.
    if (outcome.status === 'retry') statuses.push(outcome.id)
    statuses.push(outcome.status)

    // @ts-expect-error There is no such type.
    await sender.send(subscription, { type: 'order.shiped', data: { orderId: '42' } })
    // @ts-expect-error There is no such field.
    await sender.send(subscription, { type: 'order.shipped', data: { orderID: '42' } })
    // @ts-expect-error There is no such urgency.
    await sender.send(subscription, message, { urgency: 'urgent' })
  }
  return statuses
}

export const answered: Promise<Response> = handler(new Request('https://app.example/push/key'))
