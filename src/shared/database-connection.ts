import { openDatabase, type PushwellDatabase } from './database.ts'
import { withDeadline } from './deadline.ts'

/** Milliseconds for the database to open: an older tab may stand in its way. */
const openTimeoutMs = 3000

/** One connection to the database, shared by all that is kept there. */
export interface DatabaseConnection {
  /**
   * Does some work in the database, which is opened at the first use. A connection that has closed
   * is opened anew, and the work done again, once.
   *
   * @throws What the database throws: that it cannot be opened, is full, or is blocked.
   */
  use<Value>(work: (database: PushwellDatabase) => Promise<Value>): Promise<Value>
}

/** Connects to the database when it is first used. */
export function createDatabaseConnection(
  open: () => Promise<PushwellDatabase> = openDatabase,
): DatabaseConnection {
  let connection: Promise<PushwellDatabase> | undefined
  const once = async <Value>(work: (database: PushwellDatabase) => Promise<Value>) => {
    connection ??= withDeadline(open(), openTimeoutMs, 'IndexedDB')
    try {
      return await work(await connection)
    } catch (error) {
      connection?.then((failed) => failed.close()).catch(() => undefined)
      connection = undefined
      throw error
    }
  }
  return { use: (work) => once(work).catch(() => once(work)) }
}
