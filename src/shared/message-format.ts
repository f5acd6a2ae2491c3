/**
 * The message on the wire, version 1: a Declarative Web Push message with an envelope of ours
 * beside it. `docs/message.schema.json` says the same as JSON Schema.
 *
 * `mutable` and `app_badge` stand at both levels because engines look at different ones: the Push
 * API draft at the top (w3c/push-api#402), Gecko and WebKit inside `notification`.
 */
export interface WireMessage {
  /** The magic number of Declarative Web Push; stands exactly when `notification` does. */
  readonly web_push?: 8030
  readonly notification?: WireNotification
  readonly mutable?: boolean
  readonly app_badge?: number
  readonly pushwell: WireEnvelope
}

/** The notification that a browser or the worker shows when no route says otherwise. */
export interface WireNotification {
  readonly title: string
  /** Where a click leads; relative to the worker's scope. */
  readonly navigate: string
  readonly body?: string
  readonly tag?: string
  readonly lang?: string
  readonly dir?: 'auto' | 'ltr' | 'rtl'
  readonly icon?: string
  readonly image?: string
  readonly badge?: string
  readonly actions?: readonly WireAction[]
  readonly silent?: boolean
  readonly requireInteraction?: boolean
  readonly renotify?: boolean
  /** Milliseconds since 1970. */
  readonly timestamp?: number
  /** Milliseconds on, off, on … */
  readonly vibrate?: readonly number[]
  readonly mutable?: boolean
  readonly app_badge?: number
  /** The app's own; any JSON. */
  readonly data?: unknown
}

/** One button of a notification. */
export interface WireAction {
  readonly action: string
  readonly title: string
  readonly navigate: string
  readonly icon?: string
}

/** What Pushwell adds to a message. */
export interface WireEnvelope {
  readonly v: 1
  readonly id: string
  readonly type?: string
  readonly data?: unknown
  /** Whom it is for; shown as neutral text to anyone else. */
  readonly recipient?: string
  /** Milliseconds since 1970. */
  readonly sentAt?: number
  /** Milliseconds since 1970; after it, the message is out of date. */
  readonly expiresAt?: number
  readonly group?: string
  /** Tags of notifications to take off the screen when this one is shown. */
  readonly close?: readonly string[]
  /** Shown by the worker instead once the message is out of date. */
  readonly stale?: WireNotification
  /** The texts by which a worker with translations replaces those of `notification`. */
  readonly localized?: WireLocalized
}

/** The texts of a message, to be looked up on the device. */
export interface WireLocalized extends WireTexts {
  /** Those of `stale`. */
  readonly stale?: WireTexts
}

/** The texts of a notification, to be looked up on the device. */
export interface WireTexts {
  readonly title?: WireText
  readonly body?: WireText
  /** The labels of buttons, by their names. */
  readonly actions?: { readonly [action: string]: WireText }
}

/** One text, to be looked up on the device. */
export interface WireText {
  readonly key: string
  readonly args?: TextArguments
}

/**
 * What is put into a text: a number as a quantity, which the language writes in its own way; anything
 * else, also a number that is a name, as text.
 */
export interface TextArguments {
  readonly [name: string]: string | number
}
