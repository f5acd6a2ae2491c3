/**
 * Something that went wrong with a push. The notification was shown nevertheless, unless the stage
 * is `show` and the code `failed`. Nothing of what the message says is in it.
 */
export interface PushFailure {
  /** Milliseconds since 1970. */
  readonly at: number
  readonly stage: PushStage
  /** `failed`: it threw, or gave what is no good; `timeout`: it took too long. */
  readonly code: 'failed' | 'timeout'
  /** The message's type and id, where they could be read. */
  readonly type?: string | undefined
  readonly id?: string | undefined
}

/**
 * A step from a push to its notification: its octets are read, the parts change the message, its data
 * is checked by the schema, its route asked, the parts have their say, the focused page is asked, it is shown, and what was shown
 * before is looked up and kept.
 */
export type PushStage =
  | 'parse'
  | 'receive'
  | 'recipient'
  | 'validate'
  | 'route'
  | 'arrange'
  | 'foreground'
  | 'show'
  | 'storage'
