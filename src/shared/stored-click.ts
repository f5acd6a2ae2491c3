/** A click on a notification, as the worker keeps it until a page has taken it. */
export interface StoredClick {
  /** Unique. */
  readonly key: string
  /** The registration's scope. */
  readonly scope: string
  /** Milliseconds since 1970. */
  readonly at: number
  /** The message's type; absent when the message was in no format of ours. */
  readonly type?: string | undefined
  readonly id?: string | undefined
  readonly data?: unknown
  /** The button's name; empty for the notification itself. */
  readonly action: string
  /** What the user has written in the notification's text field. */
  readonly reply?: string | undefined
  /** Where the click led, made safe. */
  readonly url: string
}
