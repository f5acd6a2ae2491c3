import type { MessageDefinitions } from '../src/shared/message.ts'
import type { WindowMatch } from './choose-window.ts'
import type { NotificationDescriptor } from './notification.ts'
import type { PushWorker } from './push-worker.ts'
import type { PayloadAdapter } from './read-message.ts'
import type { WorkerPart } from './worker-part.ts'

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
  /**
   * Origins other than the app's own that a click may lead to, and that icons and images may come
   * from. Others are left out, also those of `defaults`.
   */
  readonly allowedOrigins?: readonly string[]
  /**
   * Which window counts as being where a click leads, so that it is only focused: one at that very
   * URL, one at its `path`, whatever its query, or any one of the `app`. A page that goes to URLs by
   * itself (the client's option `navigate`) is asked to in any case. Notifications may say otherwise.
   *
   * @default 'exact'
   */
  readonly match?: WindowMatch
  /**
   * Milliseconds until something is shown: for a route, and for finding out who is signed in.
   * Firefox counts a push as silent when nothing is visible three seconds after it. A minute at the
   * most.
   *
   * @default 2500
   */
  readonly deadlineMs?: number
  /**
   * Adds routes that cannot be there at once, because they depend on something stored or fetched.
   * Called once, with the first push or click that has no route of its own type, and again with a
   * later one when it fails or takes longer than `deadlineMs`; what it has added counts once it has
   * come to its end. Its messages wait for it, a push within `deadlineMs` and a click half a
   * second. A service worker has no `import()`.
   *
   * @example
   * lateRoutes: async (worker) => {
   *   for (const { type, title } of await readTemplates())
   *     worker.on(type, { notification: () => ({ title }) })
   * }
   */
  readonly lateRoutes?: (worker: PushWorker<Definitions>) => unknown
  /**
   * Reads payloads of other formats. Known without one: Pushwell's, Declarative Web Push, Angular's,
   * Firebase's, and plain text.
   */
  readonly payloads?: readonly PayloadAdapter[]
  /**
   * Which pushes are taken: `all`; or `ours`, those that have our envelope or that one of `payloads`
   * reads, so that another push handler in the same worker shows the rest. A function is asked for
   * each payload that is not ours: the value of its JSON, else its text, or `undefined` for an empty
   * push; one that throws has taken it. Nothing is called and nothing shown for a push that is not
   * taken. Except with `all`, listeners that were added later do not get a push that is taken: so
   * create the worker before other handlers.
   *
   * @default 'all'
   */
  readonly take?: 'all' | 'ours' | ((payload: unknown) => boolean)
  /** What else the worker does. One of a kind. */
  readonly parts?: readonly WorkerPart[]
  /** Headers for the backend, asked for before each request. Cookies go along without it. */
  readonly headers?: () => HeadersInit | Promise<HeadersInit>
}
