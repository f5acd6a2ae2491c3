import { afterAll, beforeAll, describe } from 'vitest'
import { type Database, openDatabase } from '../../examples/server/database.ts'
import { migrate } from '../../examples/server/migrations.ts'
import { createPostgresStore } from '../../examples/server/postgres-store.ts'
import { manyRecords, testSubscriptionStore } from '../server/store-conformance.ts'

/** The embedded database is always tried; a server is, when one is named. */
const { PUSHWELL_TEST_DATABASE_URL: server } = process.env

describe('embedded PostgreSQL', () => {
  testStoreOn('memory:')
})

describe.runIf(server !== undefined)(
  'the server of PUSHWELL_TEST_DATABASE_URL, whose tables this test empties',
  () => {
    testStoreOn(server ?? '')
  },
)

/** Runs the contract on one connection, since a database takes seconds to start. */
function testStoreOn(where: string) {
  let database: Database
  beforeAll(async () => {
    database = await openDatabase(where)
    await migrate(database)
  }, 60_000)
  afterAll(() => database?.close())
  testSubscriptionStore('the PostgreSQL store', async () => {
    await database.query('DELETE FROM subscriptions')
    // Pages that many records, and half as many, fill to the last row.
    return { store: createPostgresStore(database, { pageSize: manyRecords / 10 }) }
  })
}
