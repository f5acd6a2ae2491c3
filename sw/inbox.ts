import { rangeError, typeError } from '../src/shared/errors.ts'
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
 * whoever is signed in when they come. A click marks one as read, and one that a page took
 * is read. A page reads it with `createInbox`.
 *
 * @throws RangeError when an option is wrong, naming it.
 */
export function inbox({ keep = 100, maxAgeMs = 2_592_000_000 }: InboxOptions = {}): InboxPart {
  for (const [name, value] of Object.entries({ keep, maxAgeMs })) {
    if (!(value >= 1)) throw rangeError('invalid-argument', `${name} must be 1 or more.`)
  }
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
      { recipient, appBadge, group },
      { home, ...given },
    ) {
      const { id, type, data } = message
      // Whoever it is for has signed out, maybe with no page that could change the number.
      if (message.recipient !== recipient) return badgeUnread(await face.unread(), worker())
      if (id === undefined) return undefined
      const { title, body, navigate } = own
      const url = navigate === null ? undefined : clickUrl(navigate, home, given.allowedOrigins)
      const at = Date.now()
      const shown = { id, type, data, title, body, url, at, read: taken, group, scope: home }
      const entries = await changeInbox(given.database, home, (before, owner) =>
        // They may have signed out since it was shown.
        recipient === undefined || recipient === owner
          ? addEntry(before, { ...shown, owner, until: at + maxAgeMs }, keep)
          : before,
      )
      return changed(countUnread(entries), appBadge === undefined)
    },
    async clicked(_click, record, { database, home }) {
      const ids = messageIds(record).filter((id) => id !== undefined)
      const { name, folded } = record.group ?? {}
      // It stands for more than it names: for the newest of its group.
      if (folded && folded.count > folded.items.length) {
        const entries = await changeInbox(database, home, (before) => before)
        const own = entries.filter(({ group }) => group === name).slice(0, folded.count)
        ids.push(...own.map(({ id }) => id))
      }
      await face.markRead(ids)
    },
  } satisfies WorkerPart<WorkerContext> & Inbox
}
