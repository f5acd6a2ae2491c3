import type { InboxMessage } from './inbox-entry.ts'

/** Which messages of the inbox are listed. */
export interface InboxFilter {
  readonly unreadOnly?: boolean
  /** At the most so many. */
  readonly limit?: number
  /** Only those that were shown before this: the `at` of the last one of a page gives the next. */
  readonly before?: number
}

/**
 * The messages that were shown to whoever is signed in here. Its methods reject with a PushwellError
 * `storage-failed` when the database fails.
 */
export interface Inbox {
  /** Gives the messages, the newest first. */
  list(filter?: InboxFilter): Promise<InboxMessage[]>
  /** Counts those that were not read. */
  unread(): Promise<number>
  /** Notes that messages were read, all of them without `ids`. */
  markRead(ids?: readonly string[]): Promise<void>
  /** Takes messages out, all of them without `ids`. */
  remove(ids?: readonly string[]): Promise<void>
}
