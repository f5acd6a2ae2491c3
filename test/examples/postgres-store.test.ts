import { afterAll, beforeAll, describe } from 'vitest'
import { type Database, openDatabase } from '../../examples/server/database.ts'
import { migrate } from '../../examples/server/migrations.ts'
import { createPostgresStore } from '../../examples/server/postgres-store.ts'
import { startPostgresServer } from '../postgres/start-postgres-server.ts'
import { manyRecords, testSubscriptionStore } from '../server/store-conformance.ts'

describe('embedded PostgreSQL', () => {
  testStoreOn(async () => 'memory:')
})

describe('a PostgreSQL server', () => {
  // One that is named here has its tables emptied.
  const { PUSHWELL_TEST_DATABASE_URL: named } = process.env
  testStoreOn(async (stack) => named ?? stack.use(await startPostgresServer()).url)
})

/** Runs the contract on one database, since it takes seconds to start. */
function testStoreOn(start: (stack: AsyncDisposableStack) => Promise<string>) {
  const stack = new AsyncDisposableStack()
  let database: Database
  beforeAll(async () => {
    database = stack.adopt(await openDatabase(await start(stack)), (opened) => opened.close())
    await migrate(database)
    // A server may have to be installed first.
  }, 600_000)
  afterAll(() => stack.disposeAsync())
  testSubscriptionStore('the PostgreSQL store', async () => {
    await database.query('DELETE FROM subscriptions')
    // Pages that many records, and half as many, fill to the last row.
    return { store: createPostgresStore(database, { pageSize: manyRecords / 10 }) }
  })
}
