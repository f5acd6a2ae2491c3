import { typeError } from '../src/shared/errors.ts'
import { changeInbox, countUnread, createInboxFace } from '../src/shared/inbox.ts'
import { addEntry } from '../src/shared/inbox-entry.ts'
import type { Inbox } from '../src/shared/inbox-face.ts'
import { badgeUnread } from './app-badge.ts'
import { clickUrl } from './click-url.ts'
import { messageIds } from './notification.ts'
import { tellPages } from './tell-pages.ts'
import type { WorkerContext } from './worker-context.ts'
import type { WorkerPart } from './worker-part.ts'

/** How long messages stay in the inbox. */
export interface InboxOptions {
  /**
   * How many of one user's, the newest.
   *
   * @default 100
   */
  readonly keep?: number
  /**
   * Milliseconds after they were shown.
   *
   * @default 2592000000, thirty days
   */
  readonly maxAgeMs?: number
}

/** The part, which is also how the worker reads the inbox. */
export type InboxPart = WorkerPart & Inbox

/**
 * Makes a part that keeps the messages that were shown, for the app to list: those with an `id`, for
 * whoever is signed in when they come. A click marks one as read, and one that a page took is read. A page reads it with `createInbox`.
 */
export function inbox({ keep = 100, maxAgeMs = 2_592_000_000 }: InboxOptions = {}): InboxPart {
  let context: WorkerContext | undefined
  const worker = () => {
    if (context) return context
    throw typeError('invalid-argument', 'inbox must be one of the parts of a worker.')
  }
  const changed = (unread: number, isBadge = true) => {
    tellPages({ pushwell: 1, scope: worker().home, kind: 'inbox' })
    return isBadge ? badgeUnread(unread, worker()) : undefined
  }
  const face = createInboxFace(
    async (change) => changeInbox(worker().database, worker().home, change),
    (unread) => changed(unread),
  )
  return {
    ...face,
    name: 'inbox',
    start(given) {
      context = given
    },
    async shown(
      { descriptor, message, own = descriptor, taken = false },
      { recipient, appBadge },
      { home, ...given },
    ) {
      const { id, type, data } = message
      if (id === undefined || message.recipient !== recipient) return
      const { title, body, navigate } = own
      const url = navigate === null ? undefined : clickUrl(navigate, home, given.allowedOrigins)
      const at = Date.now()
      const shown = { id, type, data, title, body, url, at, read: taken, scope: home }
      const entries = await changeInbox(given.database, home, (before, owner) =>
        // They may have signed out since it was shown.
        recipient === undefined || recipient === owner
          ? addEntry(before, { ...shown, owner, until: at + maxAgeMs }, keep)
          : before,
      )
      await changed(countUnread(entries), appBadge === undefined)
    },
    clicked: (_click, record) => face.markRead(messageIds(record).filter((id) => id !== undefined)),
  } satisfies WorkerPart<WorkerContext> & Inbox
}
