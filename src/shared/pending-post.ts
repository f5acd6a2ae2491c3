import type { SyncRetry } from './registration-record.ts'
import type { StoredClick } from './stored-click.ts'

/** A request that a button makes, as the worker keeps it until it has been answered. */
export interface PendingPost {
  /** Unique; what the backend tells it by when it comes again. */
  readonly key: string
  /** The click that it was made for. */
  readonly click: StoredClick
  /** An absolute URL. */
  readonly url: string
  /** JSON. */
  readonly body: string
  /** Who was signed in then: nobody else's credentials may go with it. */
  readonly recipient?: string | null | undefined
  /** Why it has not been answered yet, and when it may be tried again. */
  readonly retry?: SyncRetry | undefined
}
