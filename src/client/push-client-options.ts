import type { ApplicationServerKey } from '../shared/application-server-key.ts'
import type { MessageData, MessageDefinitions, MessageType } from '../shared/message.ts'
import type { SyncTransport } from '../shared/sync-transport.ts'
import type { DebugEntry } from './diagnosis.ts'
import type { ForegroundMessage, Navigate } from './page-events.ts'
import type { ServiceWorkerSource } from './worker-registration.ts'

/** What a client without memory needs to know, as any other does. */
export interface SubscriptionClientOptions {
  /**
   * The backend's public VAPID key: base64url without padding, its 65 octets, or a function that
   * fetches either (called by `prepare()`).
   */
  readonly applicationServerKey:
    | ApplicationServerKey
    | (() => ApplicationServerKey | Promise<ApplicationServerKey>)
  /** The worker that shows the notifications. */
  readonly serviceWorker: ServiceWorkerSource
  /** How the backend is told: a transport of the app's own, or `false` for not at all. */
  readonly sync: SyncTransport | false
  /**
   * Milliseconds until one step is given up: the key's arrival, the worker's registration and
   * start, each call of the browser's push service, the backend's answer. Firefox gives up on its
   * push service at ten seconds. The user is waited for without a limit.
   *
   * @default 15000
   */
  readonly timeoutMs?: number
  /** Ends the client: what it waits for rejects with `aborted`, and it listens to nothing more. */
  readonly signal?: AbortSignal
}

/** What `createPushClient` needs to know. */
export interface PushClientOptions<
  Definitions extends MessageDefinitions = MessageDefinitions,
> extends Omit<SubscriptionClientOptions, 'sync'> {
  /**
   * How the backend is kept in step: where it speaks the sync protocol, a transport of the app's
   * own, or `false` for not at all.
   */
  readonly sync: SyncOptions | SyncTransport | false
  /** The app's messages, made with `defineMessages`: types `onMessage` and `onClick`. */
  readonly messages?: Definitions
  /**
   * Has the app go to where a click leads, by its own router, so that a page that is open is not
   * loaded anew: `navigate: (url) => router.push(url)`. Called in the window that the click brought
   * to the front, also when it is there already as far as the browser knows.
   *
   * @default the worker has the page loaded at the URL
   */
  readonly navigate?: Navigate
  /**
   * Says whether this page takes a message, so that no notification is shown: asked in the page that
   * has the focus, when the worker has the part `foreground('ask')`. Half a second after the question
   * the message is shown; it also is when this throws, or the focus is gone by then. `onMessage` is
   * told in any case.
   *
   * @default no message is taken
   */
  readonly foreground?: (
    message: {
      [Type in MessageType<Definitions>]: ForegroundMessage<MessageData<Definitions[Type]>, Type>
    }[MessageType<Definitions>],
  ) => boolean | Promise<boolean>
  /**
   * Gives the language that the user has chosen in the app, as a BCP 47 tag: the worker translates
   * into it, and the backend is told. Asked whenever the client looks at how things stand; after the
   * user has changed it, call `prepare()`.
   *
   * @default the browser's own, `navigator.language`
   */
  readonly language?: () => string | undefined
  /**
   * Days to wait before the app's own prompt may be shown again, after the first, the second and
   * each further "not now" (`canAsk()`).
   *
   * @default [3, 7, 30]
   */
  readonly askAgainAfterDays?: readonly number[]
  /**
   * Milliseconds that each half of a move to another key waits for messages that are still under
   * way to the old subscription. Where the browser may have been down
   * meanwhile, up to ten seconds of it are waited once more.
   *
   * @default 60000
   */
  readonly settleMs?: number
  /**
   * Tells what happens, in the words of `diagnose()`: on the console with `true`, or to a function.
   * No entry holds an endpoint, a key or a payload.
   */
  readonly debug?: boolean | ((entry: DebugEntry) => void)
}

/** Where the backend speaks the sync protocol (`docs/sync-protocol.yaml`). */
export interface SyncOptions {
  /** Its root, e.g. `/push`; relative to the page. */
  readonly url: string
  /** Asked for before each request, each try anew. Cookies go along without it. */
  readonly headers?: () => HeadersInit | Promise<HeadersInit>
  /** @default 'include' */
  readonly credentials?: RequestCredentials
  /**
   * Milliseconds after which the backend is told again what it knows: a backend can forget devices
   * that have not been heard of for several times as long.
   *
   * @default 86400000, one day
   */
  readonly heartbeatMs?: number
}
