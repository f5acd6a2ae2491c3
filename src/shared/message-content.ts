import type { WireAction, WireLocalized, WireNotification } from './message-format.ts'

/** A message as an app gives it to the sender. */
export interface MessageContent {
  /**
   * Its name, the same however often it arrives. The sender makes one up otherwise. The worker shows
   * a message once under it, and to each `recipient`; what is sent under an id that was used in the
   * last four weeks is taken for the same message.
   */
  readonly id?: string
  /** Which route of the worker shows it. */
  readonly type?: string
  /** What the route works with; any JSON. */
  readonly data?: unknown
  /** Shown by browsers that know Declarative Web Push, and by the worker when no route does. */
  readonly notification?: NotificationContent
  /**
   * Whom it is for, by the name that the page gives to `identify`. The worker shows it to nobody
   * else: they see its `neutral` notification. Browsers that know Declarative Web Push ask the
   * worker only where `mutable` is not `false`.
   */
  readonly recipient?: string
  /**
   * When the message is out of date, in milliseconds since 1970: the worker then shows `stale`, by
   * the device's clock. What the push service itself does is for the sender's `ttl`: a message whose
   * `stale` is of use has to live longer than this.
   *
   * @default when its time to live ends
   */
  readonly expiresAt?: number
  /**
   * Shown by the worker when the message comes too late: "You missed a call". Its routes are not
   * asked then.
   *
   * @default the worker's fallback
   */
  readonly stale?: NotificationContent
  /**
   * Texts that a worker with `translations` looks up in the language of the device. Where it has
   * none, and in browsers that do not ask it, those of `notification` and `stale` are shown.
   */
  readonly localized?: WireLocalized
  /**
   * Which messages belong together: the worker's part `groups` folds them into one notification, or
   * has the last one alone on the screen. Each has one of its own without it.
   */
  readonly group?: string
  /**
   * Tags of notifications that are out of date, as what was read on another device; that of a
   * notification without a tag is the message's `id`. Once this message is shown, the worker's part
   * `groups` takes them off the screen, and out of the count of those that it has folded.
   */
  readonly close?: readonly string[]
  /**
   * The number on the app's icon; 0 takes it away. Set by browsers that know Declarative Web Push,
   * and by the worker's part `badge`.
   */
  readonly appBadge?: number
  /**
   * Whether the worker may replace the notification in browsers that know Declarative Web Push.
   * With `false` these show it without asking the worker, and so without a route.
   *
   * @default true
   */
  readonly mutable?: boolean
}

/** A notification as an app gives it to the sender. */
export interface NotificationContent extends Omit<
  WireNotification,
  'navigate' | 'actions' | 'mutable' | 'app_badge'
> {
  /**
   * Where a click leads: http or https, or relative to the worker's scope.
   *
   * @default './', the root of the app
   */
  readonly navigate?: string
  /** An action without `navigate` leads where the notification does. */
  readonly actions?: ReadonlyArray<Omit<WireAction, 'navigate'> & { readonly navigate?: string }>
  /** Milliseconds on, off, on … Not together with `silent`. */
  readonly vibrate?: readonly number[]
}
