import type { MessageDefinitions } from '../src/shared/message.ts'
import type { NotificationDescriptor } from './notification.ts'

/** How a push worker behaves. All of it has defaults. */
export interface PushWorkerOptions<Definitions extends MessageDefinitions = MessageDefinitions> {
  /** The app's messages: types `on`, and checks `data` before a route or a page sees it. */
  readonly messages?: Definitions
  /**
   * Shown when a push says nothing that can be shown: an empty one, one that cannot be read, one
   * whose route fails and that carries no notification itself.
   *
   * @default a notification titled with the app's host name
   */
  readonly fallback?: NotificationDescriptor
  /**
   * Shown in the place of a message with a `recipient` who is not known to be signed in here: it is
   * somebody else, nobody, or what the page stored cannot be read. Nothing of the message is in it.
   *
   * @default a notification titled with the app's host name
   */
  readonly neutral?: NotificationDescriptor
  /** Put under every notification: what it does not say itself is taken from here. */
  readonly defaults?: Partial<NotificationDescriptor>
  /** Origins other than the app's own that a click may lead to. */
  readonly allowedOrigins?: readonly string[]
  /**
   * Milliseconds until something is shown: for a route, and for finding out who is signed in.
   * Firefox counts a push as silent when nothing is visible three seconds after it.
   *
   * @default 2500
   */
  readonly deadlineMs?: number
  /** Headers for the backend, asked for before each request. Cookies go along without it. */
  readonly headers?: () => HeadersInit | Promise<HeadersInit>
}
