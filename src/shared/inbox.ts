import type { DatabaseConnection } from './database-connection.ts'
import { PushwellError } from './errors.ts'
import type { InboxEntry } from './inbox-entry.ts'
import type { Inbox } from './inbox-face.ts'

/** Gives what is to be kept of an inbox, and in which form, the newest first. Pure. What is too old is gone before. */
export type InboxChange = (entries: readonly InboxEntry[], owner: string) => readonly InboxEntry[]

/**
 * Reads and changes the inbox of whoever is signed in. Who that is is read in the same transaction:
 * nobody sees, or leaves, a message of somebody else's, whoever signs in or out at that moment.
 *
 * @returns What is kept, the newest first.
 * @throws PushwellError `storage-failed`
 */
export function changeInbox(
  database: DatabaseConnection,
  scope: string,
  change: InboxChange,
): Promise<readonly InboxEntry[]> {
  const changing = database.use(async (open) => {
    const transaction = open.transaction(['registrations', 'inbox'], 'readwrite')
    const store = transaction.objectStore('inbox')
    const record = await transaction.objectStore('registrations').get(scope)
    const owner = record?.recipient ?? ''
    const all = await store.getAll(IDBKeyRange.bound([scope, owner], [scope, owner, []]))
    const before = all.toSorted((a, b) => b.at - a.at)
    const now = Date.now()
    const after = change(
      before.filter(({ until }) => until > now),
      owner,
    )
    const kept = new Set(after.map(({ id }) => id))
    await Promise.all([
      ...before.filter(({ id }) => !kept.has(id)).map(({ id }) => store.delete([scope, owner, id])),
      ...after.filter((entry) => !before.includes(entry)).map((entry) => store.put(entry)),
      transaction.done,
    ])
    return after
  })
  return changing.catch((cause: unknown) => {
    const sentence = 'The inbox cannot be read or written: see the cause.'
    throw new PushwellError('storage-failed', sentence, { cause })
  })
}

/** Empties the inboxes of everybody, and drops the receipts that wait. */
export async function emptyInbox(database: DatabaseConnection, scope: string): Promise<void> {
  await database.use((open) => {
    const transaction = open.transaction(['inbox', 'receipts'], 'readwrite')
    const all = IDBKeyRange.bound([scope], [scope, []])
    return Promise.all([
      transaction.objectStore('inbox').delete(all),
      transaction.objectStore('receipts').delete(all),
      transaction.done,
    ])
  })
}

/**
 * Makes the face of an inbox.
 *
 * @param use - Reads and changes it.
 * @param changed - Called after a change, with how many are unread.
 */
export function createInboxFace(
  use: (change: InboxChange) => Promise<readonly InboxEntry[]>,
  changed: (unread: number) => unknown,
): Inbox {
  const read = () => use((entries) => entries)
  const change = async (next: InboxChange) => {
    const left = await use(next)
    await changed(countUnread(left))
  }
  return {
    async list({ unreadOnly = false, limit, before = Infinity } = {}) {
      return (await read())
        .filter(({ at, read: isRead }) => at < before && !(unreadOnly && isRead))
        .slice(0, limit)
        .map(
          ({ scope: _scope, owner: _owner, group: _group, until: _until, ...message }) => message,
        )
    },
    unread: async () => countUnread(await read()),
    markRead: (ids) =>
      change((entries) =>
        entries.map((entry) =>
          entry.read || (ids && !ids.includes(entry.id)) ? entry : { ...entry, read: true },
        ),
      ),
    remove: (ids) => change((entries) => entries.filter(({ id }) => ids && !ids.includes(id))),
  }
}

/** Counts the messages that were not read. */
export function countUnread(entries: readonly InboxEntry[]): number {
  return entries.filter(({ read }) => !read).length
}
