import { defineMessages, message } from '../../src/shared/message.ts'
import { createPushWorker, type PushWorker, type PushWorkerOptions } from '../../sw/index.ts'
import { loadPushWorker, ours } from './load-push-worker.ts'

const messages = defineMessages({
  'chat.message': message<{ text: string }>(),
  'chat.room.opened': message<{ room: number }>(),
  order: message<string>(),
})

/** The messages that the app declares. */
export type Messages = typeof messages

/** A worker as routes are added to it. */
export type Worker = PushWorker<Messages>

/** What is shown for want of anything better. */
export const fallback = { title: 'Fallback' }

/** A worker with the routes that it is given. */
export function loadRoutedWorker(
  routes: (worker: Worker) => unknown,
  options: PushWorkerOptions<Messages> = {},
) {
  return loadPushWorker((scope) =>
    routes(createPushWorker({ messages, fallback, deadlineMs: 50, ...options }, scope)),
  )
}

/** A message of a type, maybe with a notification of its own. */
export const typed = (type: string, data?: unknown, own?: object) => ({
  notification: own,
  ...ours(type, data, { id: undefined }),
})

/** Describes a notification whose title ends with the type. */
export const says =
  (title: string) =>
  ({ type }: { type: string }) => ({ title: `${title} ${type}` })
