import { openDatabase, type PushwellDatabase } from './database.ts'
import { withDeadline } from './deadline.ts'
import { isPushwellError } from './errors.ts'

/**
 * Milliseconds for the database to open, where an older tab may stand in its way, and again for the
 * work, whose transaction may never end.
 */
const databaseTimeoutMs = 3000
/** Milliseconds for which a database that has hung is left alone: others would wait in a row. */
const pauseMs = 10_000

/** One connection to the database, shared by all that is kept there. */
export interface DatabaseConnection {
  /**
   * Does some work in the database, which is opened at the first use. A connection that has closed
   * is opened anew, and the work done again, once. What has taken too long may still be done later.
   *
   * @throws What the database throws: that it cannot be opened or is full. PushwellError `timeout`
   * when it hangs, and for some seconds after that at once.
   */
  use<Value>(work: (database: PushwellDatabase) => Promise<Value>): Promise<Value>
}

function bounded<Value>(promise: Promise<Value>): Promise<Value> {
  return withDeadline(promise, databaseTimeoutMs, 'IndexedDB')
}

/** Connects to the database when it is first used. */
export function createDatabaseConnection(
  open: () => Promise<PushwellDatabase> = openDatabase,
): DatabaseConnection {
  let connection: Promise<PushwellDatabase> | undefined
  let hung: { readonly error: unknown; readonly at: number } | undefined
  const once = async <Value>(work: (database: PushwellDatabase) => Promise<Value>) => {
    if (hung && performance.now() < hung.at + pauseMs) throw hung.error
    const used = (connection ??= bounded(open()))
    try {
      const value = await bounded(work(await used))
      hung = undefined
      return value
    } catch (error) {
      if (isPushwellError(error)) hung = { error, at: performance.now() }
      used.then((failed) => failed.close()).catch(() => undefined)
      if (connection === used) connection = undefined
      throw error
    }
  }
  return { use: (work) => once(work).catch(() => once(work)) }
}
