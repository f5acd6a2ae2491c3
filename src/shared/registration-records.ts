import type { DatabaseConnection } from './database-connection.ts'
import type { RegistrationRecord, RegistrationRecords } from './registration-record.ts'

/**
 * Keeps registration records in IndexedDB. What it does not take is kept in memory, so that a
 * broken or full database costs what a reload forgets, nothing more.
 */
export function createRegistrationRecords(database: DatabaseConnection): RegistrationRecords {
  /** What the database did not take; goes before what it holds. */
  const unsaved = new Map<string, RegistrationRecord>()
  let persistent = true
  const get = async (scope: string) =>
    unsaved.get(scope) ??
    database
      .use((open) => open.transaction('registrations').store.get(scope))
      .catch(() => undefined)
  return {
    get persistent() {
      return persistent
    },
    get,
    async update(scope, change) {
      const blank: RegistrationRecord = { scope, mayHold: [] }
      try {
        const stored = await database.use(async (open) => {
          const transaction = open.transaction('registrations', 'readwrite')
          const held = unsaved.get(scope) ?? (await transaction.store.get(scope)) ?? blank
          const record = change(held)
          await Promise.all([transaction.store.put(record), transaction.done])
          return record
        })
        unsaved.delete(scope)
        persistent = true
        return stored
      } catch {
        // Should it be the change itself that fails, it fails here again.
        const record = change((await get(scope)) ?? blank)
        persistent = false
        unsaved.set(scope, record)
        return record
      }
    },
  }
}
