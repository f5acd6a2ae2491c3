import type { DatabaseConnection } from './database-connection.ts'
import type { RegistrationRecord, RegistrationRecords } from './registration-record.ts'
import { addUnsaved, replay, type UnsavedChanges } from './unsaved-changes.ts'

/**
 * Keeps registration records in IndexedDB. Changes that it does not take are kept in memory and
 * made again over what it holds, until it takes them: a broken or full database costs what a reload
 * forgets, nothing more, and hides nothing that others write.
 */
export function createRegistrationRecords(database: DatabaseConnection): RegistrationRecords {
  const unsaved = new Map<string, UnsavedChanges>()
  const read = (scope: string) =>
    database.use((open) => open.transaction('registrations').store.get(scope))
  const view = (scope: string, stored: RegistrationRecord | undefined) => {
    const missed = unsaved.get(scope)
    return missed ? replay(missed, stored) : stored
  }
  /** Has the worker take nobody for signed in: a full database still lets go of a record. */
  const erase = (scope: string, recipient: string) =>
    database.use(async (open) => {
      const transaction = open.transaction('registrations', 'readwrite')
      const isStale = (await transaction.store.get(scope))?.recipient === recipient
      await Promise.all([isStale && transaction.store.delete(scope), transaction.done])
      const record = unsaved.get(scope)?.record
      if (isStale && record) unsaved.set(scope, { changes: [], record, erased: record })
    })
  return {
    get persistent() {
      return unsaved.size === 0
    },
    async get(scope) {
      try {
        return view(scope, await read(scope))
      } catch {
        return unsaved.get(scope)?.record
      }
    },
    async update(scope, change) {
      const blank: RegistrationRecord = { scope, mayHold: [] }
      try {
        return await database.use(async (open) => {
          const transaction = open.transaction('registrations', 'readwrite')
          const stored = await transaction.store.get(scope)
          const record = change(view(scope, stored) ?? blank)
          await Promise.all([transaction.store.put(record), transaction.done])
          // Before the next transaction reads: it would make these changes a second time.
          unsaved.delete(scope)
          return record
        })
      } catch {
        const found = await read(scope).then(
          (stored) => ({ stored }),
          () => undefined,
        )
        const stored = found?.stored
        // Nothing is waited for between this and the keeping, so that no other change gets lost.
        const missed = unsaved.get(scope) ?? { changes: [], record: blank }
        const held = found ? replay(missed, stored) : missed.record
        // Should it be the change itself that fails, it fails here again.
        const record = change(held)
        unsaved.set(scope, addUnsaved(missed, change, record, stored))
        const recipient = stored?.recipient
        if (typeof recipient === 'string' && recipient !== record.recipient) {
          await erase(scope, recipient).catch(() => undefined)
        }
        return record
      }
    },
  }
}
