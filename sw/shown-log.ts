import type { DatabaseConnection } from '../src/shared/database-connection.ts'
import type { ShownMessage } from '../src/shared/shown-message.ts'

/** How long a message is remembered: push services keep none for longer (four weeks). */
const keptMs = 28 * 86_400_000
/** How many are remembered. */
const kept = 1000

/** The key of a message: what is sent to two people under one id is two messages. */
export function shownKey(home: string, id: string, recipient: string | undefined): string {
  return JSON.stringify([home, id, recipient])
}

/** The messages that were shown, over all workers of the origin. Rejects when the database fails. */
export interface ShownLog {
  /**
   * Writes down that a message is about to be shown. Of two workers that do so at the same moment,
   * one alone is first: reading and writing are one transaction, which may still be under way when
   * this resolves.
   *
   * @returns What was known of it before.
   */
  claim(key: string, at: number): Promise<ShownMessage | undefined>
  /** Writes down that it was shown, and forgets those that are too old or too many. */
  confirm(key: string, at: number): Promise<void>
}

/** Keeps shown messages in IndexedDB. */
export function createShownLog(database: DatabaseConnection): ShownLog {
  return {
    claim: (key, at) =>
      database.use(async (open) => {
        const transaction = open.transaction('messages', 'readwrite')
        const { store } = transaction
        const before = await store.get(key)
        // Not waited for: whoever comes later reads what this transaction has written, or it failed,
        // and then the message is shown once more rather than not at all.
        const writing = [store.put({ key, at, shown: before?.shown ?? false }), transaction.done]
        // Under way before the notification is: else it is undone when the worker is ended there.
        transaction.commit()
        Promise.all(writing).catch(() => undefined)
        return before
      }),
    confirm: (key, at) =>
      database.use(async (open) => {
        const transaction = open.transaction('messages', 'readwrite')
        const { store } = transaction
        await store.put({ key, at, shown: true })
        const tooMany = (await store.count()) - kept
        const oldest = await store.index('at').getAll(null, 50)
        const removed = oldest.filter((old, index) => index < tooMany || old.at < at - keptMs)
        await Promise.all([...removed.map((old) => store.delete(old.key)), transaction.done])
      }),
  }
}
