/** A message that a worker has shown or was about to show, kept so that it is shown once. */
export interface ShownMessage {
  /** Unique: made of the registration's scope, the message's id and whom it is for. */
  readonly key: string
  /** When it last arrived or was shown, in milliseconds since 1970. */
  readonly at: number
  /** `false` for one that a worker has begun to show: it may have been ended before it did. */
  readonly shown: boolean
}
