import type { MessagePort } from 'node:worker_threads'
import type { PushSubscriptionData } from '../../shared/subscription.ts'
import type { ShownNotification } from './notification-center.ts'
import type { SilentPushPenalty } from './silent-push.ts'
import type { WorkerEngine } from './worker-engine.ts'
import type { WorkerError, WorkerPermission } from './worker-site.ts'
import type { WorkerWindow, WorkerWindowOptions } from './worker-windows.ts'

/** How the worker answered an event. */
export interface WorkerEventResult {
  /** Whether the worker listens to this event. */
  readonly handled: boolean
  /** What a listener threw or a promise given to `waitUntil` was rejected with; absent if all went well. */
  readonly failed?: unknown
}

/** How the worker answered a push. */
export interface WorkerPushResult extends WorkerEventResult {
  /** `false` when there is no subscription: then nothing happened. */
  readonly delivered: boolean
  /** What was shown for it, in order, replaced and closed ones too. */
  readonly shown: readonly ShownNotification[]
  /** Whether nothing that was shown for it is left on the screen. */
  readonly silent: boolean
  /** What the engine makes of that. */
  readonly penalty: SilentPushPenalty
}

/** How the worker answered a click. */
export interface WorkerClickResult extends WorkerEventResult {
  /** URLs that windows were opened at. */
  readonly opened: readonly string[]
  /** URLs of windows that were focused, as they were then. */
  readonly focused: readonly string[]
  /** URLs that windows were navigated to. */
  readonly navigated: readonly string[]
  /** Whether the worker took the notification off the screen. */
  readonly closed: boolean
}

/** What the user types or the browser knows beside a click. */
export interface WorkerClickOptions {
  /** The text of an inline reply (Chromium on some systems). */
  readonly reply?: string
}

/** A subscription to put into `pushsubscriptionchange` in the place of what the engine would. */
export interface SubscriptionChange {
  readonly oldSubscription?: PushSubscriptionData | null
  readonly newSubscription?: PushSubscriptionData | null
}

/** A service worker that runs in this process, among honest fakes. */
export interface LoadedWorker<Scope = unknown> extends AsyncDisposable {
  readonly engine: WorkerEngine
  /** The worker's global object, of the current run: `new worker.scope.BroadcastChannel('x')`. */
  readonly scope: Scope
  /** On the screen now, in the order shown. */
  readonly notifications: readonly ShownNotification[]
  /** Every notification ever shown, in that order. */
  readonly history: readonly ShownNotification[]
  /** Open windows of the worker's origin, the last focused first. */
  readonly windows: readonly WorkerWindow[]
  /** The subscription, with real keys; `null` when there is none. */
  readonly subscription: PushSubscriptionData | null
  /** The number on the app's icon; `NaN` for a mark without a number, `null` for none. */
  readonly badge: number | null
  /** Tags that the worker registered for Background Sync (Chromium). */
  readonly syncTags: readonly string[]
  /** What failed inside and was not caught there, oldest first. */
  readonly errors: readonly WorkerError[]
  /** What a browser would warn about on its console. */
  readonly warnings: readonly string[]
  /**
   * What the user has decided. Anything but `granted` takes the subscription away, as browsers do.
   */
  permission: WorkerPermission
  /** Delivers a push: text, bytes, or nothing; anything else goes as JSON. */
  push(payload?: unknown): Promise<WorkerPushResult>
  /**
   * Clicks a notification or one of its buttons. It stays on the screen unless the worker closes it:
   * systems differ in this.
   *
   * @throws RangeError when it is not on the screen, or has no such button.
   */
  click(
    notification: ShownNotification,
    action?: string,
    options?: WorkerClickOptions,
  ): Promise<WorkerClickResult>
  /**
   * Dismisses a notification, as its user does.
   *
   * @throws RangeError when it is not on the screen.
   */
  close(notification: ShownNotification): Promise<WorkerEventResult>
  /**
   * Takes the subscription away and tells the worker (`pushsubscriptionchange`): Firefox and WebKit
   * give the old one and no new one, Chromium gives neither.
   */
  changeSubscription(change?: SubscriptionChange): Promise<WorkerEventResult>
  /** Posts a message to the worker, from a window if one is given. */
  message(
    data: unknown,
    options?: { readonly from?: WorkerWindow; readonly ports?: readonly MessagePort[] },
  ): Promise<WorkerEventResult>
  /**
   * Dispatches a Background Sync event. The tag stays registered when it fails and is not the last
   * chance.
   *
   * @throws TypeError in an engine that has no Background Sync.
   */
  sync(tag: string, options?: { readonly lastChance?: boolean }): Promise<WorkerEventResult>
  /** Opens a window, as the user does. */
  openWindow(options?: WorkerWindowOptions): WorkerWindow
  /** Focuses a window, as the user does. */
  focusWindow(window: WorkerWindow): void
  /** Closes a window, as the user does. */
  closeWindow(window: WorkerWindow): void
  /**
   * Ends the worker and evaluates its script again, as browsers do between events. The registration,
   * its subscription and notifications, windows, caches and databases stay; variables do not.
   */
  restart(): Promise<void>
  /** Ends the worker, its timers too. Safe to call twice. */
  dispose(): Promise<void>
}
