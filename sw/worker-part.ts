import type { ReceivedMessage } from '../src/shared/parse-message.ts'
import type { PushFailure } from '../src/shared/push-failure.ts'
import type { StoredClick } from '../src/shared/stored-click.ts'
import type { ChosenNotification } from './chosen-notification.ts'
import type { ClickRecord } from './notification.ts'
import type { PartContext } from './part-context.ts'
import type { WorkerNotification } from './worker-scope.ts'

/**
 * Something that a push worker does beside showing messages and following clicks. A worker carries
 * the code of those parts alone that it was given.
 *
 * Whatever is called here is bounded by the worker, and may reject: nothing else depends on it.
 */
export interface WorkerPart<Context = PartContext> {
  /** Unique in a worker. */
  readonly name: string
  /** Called once, while the worker is created: listeners are added here. */
  start?(this: void, context: Context): void
  /**
   * Changes a message before anything is made of it: its notification is then what a route is given.
   * Called once a push, also when the message was delivered before, and also where it turns out to
   * be for somebody else. All parts together have half of the worker's `deadlineMs` here, which is
   * taken from the route's time.
   */
  receive?(
    this: void,
    received: ReceivedMessage,
    context: Context,
  ): ReceivedMessage | Promise<ReceivedMessage>
  /**
   * Changes a notification that is about to be shown. Called once a message, before it is shown,
   * and once more should its route have something better later: then the message itself may be on
   * the screen. Must not show or close anything.
   */
  arrange?(
    this: void,
    chosen: ChosenNotification,
    received: ReceivedMessage,
    context: Context,
  ): ChosenNotification | Promise<ChosenNotification>
  /**
   * Takes a message, so that nothing is shown for it. Called with each message that may be told to
   * pages: its recipient is signed in here, and its data fits.
   *
   * @param isNew - `false` when the message was shown or taken before: then it must not be handed
   * over again, and taking it says that the browser excuses a silent push at this moment.
   */
  take?(
    this: void,
    chosen: ChosenNotification,
    isNew: boolean,
    context: Context,
  ): boolean | Promise<boolean>
  /**
   * Called once a message, after it was shown, or taken (`chosen.taken`). The push lasts for half a
   * second more: write down first what must not get lost.
   */
  shown?(
    this: void,
    chosen: ChosenNotification,
    received: ReceivedMessage,
    context: Context,
  ): unknown
  /**
   * Called after each push with what is there now: `arrange` may have had it take the place of
   * others. Unlike `shown` also for a message that was delivered before; not when it was withdrawn
   * because its recipient has signed out.
   */
  placed?(
    this: void,
    chosen: ChosenNotification,
    received: ReceivedMessage,
    context: Context,
  ): unknown
  /**
   * Called once a click, at once: no window is waited for, nor what a route does.
   *
   * @param seeing - Who is signed in; `undefined` when that is not known. Never rejects. Where the
   * record has a `recipient`, nothing must be done for anybody else.
   */
  clicking?(
    this: void,
    click: StoredClick,
    record: ClickRecord,
    seeing: Promise<string | null | undefined>,
    context: Context,
  ): unknown
  /**
   * Called once a click on what is for whoever is here, after the window was opened; when that, or
   * what a route does, takes longer, a second after the click.
   */
  clicked?(this: void, click: StoredClick, record: ClickRecord, context: Context): unknown
  /**
   * Called when the user has dismissed a notification of ours; in Firefox also when another one has
   * taken its place.
   */
  closed?(
    this: void,
    record: ClickRecord,
    context: Context,
    notification: WorkerNotification,
  ): unknown
  /** Called after a push with each thing that went wrong, also when the message was shown. */
  failed?(this: void, failure: PushFailure, context: Context, received: ReceivedMessage): unknown
}
