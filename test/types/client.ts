/** What the types of `pushwell` take and refuse. Checked by `tsc`, never run. */
import {
  createPushClient,
  type PushClient,
  type PushClientOptions,
} from '../../src/client/index.ts'
import { defineMessages, message, type StandardSchema } from '../../src/shared/message.ts'

declare const transforming: StandardSchema<{ at: string }, { at: Date }>
declare const rest: Pick<PushClientOptions, 'applicationServerKey' | 'serviceWorker' | 'sync'>

export const messages = defineMessages({
  'order.shipped': message<{ orderId: string }, 'track' | 'later'>(),
  'meeting.moved': transforming,
})

export async function typed(): Promise<void> {
  const push = createPushClient({ ...rest, messages })

  createPushClient({
    ...rest,
    messages,
    foreground: (offered) =>
      offered.type === 'order.shipped'
        ? offered.data.orderId === '42'
        : offered.data.at.getTime() > 0,
  })
  createPushClient({
    ...rest,
    messages,
    // @ts-expect-error The data of one type is not that of all.
    foreground: ({ data }) => data.orderId === '42',
  })
  push.onMessage('order.shipped', ({ data, elected }) => elected && data.orderId.length)
  // What comes out is what a schema makes, not what it takes.
  push.onClick('meeting.moved', ({ data, action }) => data.at.getTime() + action.length)
  push.onClick('order.shipped', ({ action }) => action === 'track' || action === '')
  // @ts-expect-error The message has no such button.
  push.onClick('order.shipped', ({ action }) => action === 'trakc')
  push.onClick('meeting.moved', ({ action }) => action === 'anything')
  await push.identify('user-42', { tags: ['news'] })
  await push.setTags({ add: ['news'] })

  // @ts-expect-error There is no such type.
  push.onMessage('order.shiped', () => undefined)
  // @ts-expect-error There is no such field.
  push.onMessage('order.shipped', ({ data }) => data.orderID)
  // @ts-expect-error The data is another type's.
  push.onClick('meeting.moved', ({ data }) => data.orderId)
  // @ts-expect-error A user has a name.
  await push.identify()
  // @ts-expect-error Tags are lists.
  await push.setTags({ add: 'news' })
  // @ts-expect-error A snapshot is not to be written to.
  push.state.status = 'prompt'
}

export function untyped(push: PushClient): void {
  push.onMessage('anything', ({ data }) => data)
  // @ts-expect-error Nothing is known of the data.
  push.onMessage('anything', ({ data }) => data.at)
}
