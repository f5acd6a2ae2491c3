import { openDatabase, type PushwellDatabase } from './database.ts'
import { withDeadline } from './deadline.ts'
import type { RegistrationRecord, RegistrationRecords } from './registration-record.ts'

/** Milliseconds for the database to open: an older tab may stand in its way. */
const openTimeoutMs = 3000

/**
 * Keeps registration records in IndexedDB, on one connection opened at first use. A connection
 * that has closed is opened anew once; what can still not be read or written is kept in memory, so
 * that a broken database costs what a reload forgets, nothing more.
 */
export function createRegistrationRecords(
  open: () => Promise<PushwellDatabase> = openDatabase,
): RegistrationRecords {
  /** What the database did not take; goes before what it holds. */
  const unsaved = new Map<string, RegistrationRecord>()
  let connection: Promise<PushwellDatabase> | undefined
  const once = async <Value>(work: (database: PushwellDatabase) => Promise<Value>) => {
    connection ??= withDeadline(open(), openTimeoutMs, 'IndexedDB')
    try {
      return await work(await connection)
    } catch (error) {
      connection = undefined
      throw error
    }
  }
  const use = <Value>(work: (database: PushwellDatabase) => Promise<Value>) =>
    once(work).catch(() => once(work))
  return {
    get: async (scope) =>
      unsaved.get(scope) ??
      use((database) => database.transaction('registrations').store.get(scope)).catch(
        () => undefined,
      ),
    async put(record) {
      unsaved.set(record.scope, record)
      try {
        await use(async (database) => {
          const transaction = database.transaction('registrations', 'readwrite')
          await Promise.all([transaction.store.put(record), transaction.done])
        })
        unsaved.delete(record.scope)
      } catch {
        // It stays in memory.
      }
    },
  }
}
