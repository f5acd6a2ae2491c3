import { type DBSchema, type IDBPDatabase, openDB, unwrap, wrap } from 'idb'
import type { InboxEntry } from './inbox-entry.ts'
import type { PendingPost } from './pending-post.ts'
import type { StoredReceipt } from './receipt.ts'
import type { RegistrationRecord } from './registration-record.ts'
import type { ShownMessage } from './shown-message.ts'
import type { StoredClick } from './stored-click.ts'

/** The object stores and what is in them. */
export interface PushwellSchema extends DBSchema {
  registrations: { key: string; value: RegistrationRecord }
  clicks: { key: string; value: StoredClick }
  messages: { key: string; value: ShownMessage; indexes: { at: number } }
  posts: { key: string; value: PendingPost }
  inbox: { key: [scope: string, owner: string, id: string]; value: InboxEntry }
  receipts: { key: [scope: string, id: string, event: string]; value: StoredReceipt }
}

/** An open connection. */
export type PushwellDatabase = IDBPDatabase<PushwellSchema>

/**
 * One step a version, in order; never changed once released, only added to. A browser that comes
 * back after a year walks through all that it has missed.
 */
const upgradeSteps: ReadonlyArray<(database: PushwellDatabase) => void> = [
  (database) => {
    database.createObjectStore('registrations', { keyPath: 'scope' })
  },
  (database) => {
    database.createObjectStore('clicks', { keyPath: 'key' })
  },
  (database) => {
    database.createObjectStore('messages', { keyPath: 'key' }).createIndex('at', 'at')
  },
  (database) => {
    database.createObjectStore('posts', { keyPath: 'key' })
  },
  (database) => {
    database.createObjectStore('inbox', { keyPath: ['scope', 'owner', 'id'] })
    database.createObjectStore('receipts', { keyPath: ['scope', 'id', 'event'] })
  },
]

/**
 * Opens the database, creating or upgrading it as needed. A connection that stands in the way of a
 * newer version elsewhere closes itself; one that was made by newer code is used as it is, since the
 * steps only add.
 */
export async function openDatabase(): Promise<PushwellDatabase> {
  const database = await openVersion(upgradeSteps.length).catch((error: unknown) => {
    if ((error as Error).name === 'VersionError') return openVersion()
    throw error
  })
  const bare = unwrap(database)
  const begin = bare.transaction.bind(bare)
  bare.transaction = (...parameters) => {
    const transaction = begin(...parameters)
    // Nobody waits for its end once a request in it has failed: that is no unhandled rejection.
    wrap(transaction).done.catch(() => undefined)
    return transaction
  }
  return database
}

async function openVersion(version?: number): Promise<PushwellDatabase> {
  return openDB<PushwellSchema>('pushwell', version, {
    upgrade(database, oldVersion, newVersion) {
      // Not always all of them: it may just have been deleted, and have no version again.
      for (const step of upgradeSteps.slice(oldVersion, newVersion ?? 0)) step(database)
    },
    blocking(_currentVersion, _blockedVersion, event) {
      ;(event.target as IDBDatabase).close()
    },
  })
}
