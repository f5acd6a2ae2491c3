import type { Remedy } from '../shared/errors.ts'
import type {
  MessageAction,
  MessageData,
  MessageDefinitions,
  MessageType,
} from '../shared/message.ts'
import type { PushDiagnosis } from './diagnosis.ts'
import type { Identity, TagChange } from './identity.ts'
import type { PageClick, PageMessage } from './page-events.ts'
import type { PushState, StoppedState } from './push-state.ts'

/** What came of `enable()`. A refusal is an outcome, not an error. */
export type EnableResult =
  | { readonly ok: true; readonly subscription: PushSubscription; readonly state: PushState }
  | {
      readonly ok: false
      /**
       * `denied` and `dismissed` are the user's answers now; the others stood before, and `state`
       * says more.
       */
      readonly reason: 'denied' | 'dismissed' | StoppedState['status']
      readonly remedy: Remedy
    }

/** Permission and subscription on a page: what every client is about. */
export interface SubscriptionClient {
  /** Where things stand; the same object until something changes. */
  readonly state: PushState
  /**
   * Calls back after each change of `state`.
   *
   * @returns The undoing of it.
   */
  readonly onChange: (listener: () => void) => () => void
  /**
   * Registers the worker, gets the key, and brings browser and backend back in step: a lost
   * subscription is made again, one with another key is replaced, the backend is told what it has
   * not acknowledged. Call it when the page loads. It never asks the user, and calling it again
   * looks again.
   *
   * @throws PushwellError or TypeError when the worker, the key or the push service
   * fails. A failing backend is no error here: `state.sync` is `pending`.
   */
  readonly prepare: () => Promise<PushState>
  /**
   * Asks for permission, subscribes, and puts the subscription in the backend. Call it first thing
   * in a click: Safari and Firefox let a page ask only then.
   *
   * @throws PushwellError or TypeError, as `prepare()`.
   */
  readonly enable: () => Promise<EnableResult>
  /**
   * Gives the subscription up and has the backend forget it, also without a network.
   *
   * @throws PushwellError when the browser fails.
   */
  readonly disable: () => Promise<PushState>
}

/** Web Push on a page. */
export interface PushClient<
  Definitions extends MessageDefinitions = MessageDefinitions,
> extends SubscriptionClient {
  /**
   * Says who is signed in. Messages with another `recipient` show neutral text from now on. Call it
   * after a sign-in, and again at each load: the backend is told once, and once more where it had
   * not taken the credentials. Tags of a user before do not stay.
   *
   * @param recipient - The app's own name for the user, as the backend's `authorize` gives it.
   * @throws TypeError, RangeError `invalid-argument`.
   */
  readonly identify: (recipient: string, identity?: Identity) => Promise<PushState>
  /**
   * Says that nobody is signed in any more. Messages with a `recipient` show neutral text from now
   * on, also without a network, and the backend is told as soon as it can be.
   */
  readonly forget: () => Promise<PushState>
  /**
   * Adds tags and removes others.
   *
   * @throws TypeError, RangeError `invalid-argument`.
   */
  readonly setTags: (tags: TagChange) => Promise<PushState>
  /**
   * Calls back with each message of a type that the worker shows while the page is open.
   *
   * @returns The undoing of it.
   */
  readonly onMessage: <Type extends MessageType<Definitions>>(
    type: Type,
    listener: (message: PageMessage<MessageData<Definitions[Type]>>) => void,
  ) => () => void
  /**
   * Calls back with each click on a notification of a type that is this page's: also with the one
   * that opened it, and with one that came before this call. Each click is handed over once, over
   * all tabs.
   *
   * @returns The undoing of it.
   */
  readonly onClick: <Type extends MessageType<Definitions>>(
    type: Type,
    listener: (
      click: PageClick<MessageData<Definitions[Type]>, MessageAction<Definitions[Type]>>,
    ) => void,
  ) => () => void
  /**
   * Whether the app's own prompt may be shown now: nobody has answered the browser's, and the pause
   * since the last "not now" is over. `false` until `prepare()` has ended.
   */
  readonly canAsk: () => boolean
  /** Remembers that the user said "not now" to the app's own prompt. */
  readonly postpone: () => Promise<void>
  /** Reports everything that tells why pushes do or do not work here, without anything secret. */
  readonly diagnose: () => Promise<PushDiagnosis>
}
