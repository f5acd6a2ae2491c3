import { PGlite } from '@electric-sql/pglite'
import { Pool } from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openDatabase } from '../../examples/server/database.ts'
import { migrate } from '../../examples/server/migrations.ts'
import { createPostgresStore, postgresStoreTable, type SqlClient } from '../../src/server/index.ts'
import { subscriptionStoreCases } from '../../src/testing/index.ts'
import { startPostgresServer } from '../postgres/start-postgres-server.ts'

// One that is named here has its table emptied.
const { PUSHWELL_TEST_DATABASE_URL: named } = process.env

async function serverUrl(stack: AsyncDisposableStack): Promise<string> {
  return named ?? stack.use(await startPostgresServer()).url
}

/** Whatever runs SQL, on a table that is there already or that the store is to make. */
const clients: Readonly<Record<string, (stack: AsyncDisposableStack) => Promise<SqlClient>>> = {
  'a PGlite': async (stack) => stack.adopt(await PGlite.create(), (embedded) => embedded.close()),
  'a pool of pg': async (stack) =>
    stack.adopt(new Pool({ connectionString: await serverUrl(stack) }), (pool) => pool.end()),
  'the reference backend’s embedded database': async (stack) => {
    const database = stack.adopt(await openDatabase('memory:'), (opened) => opened.close())
    await migrate(database)
    return database
  },
  'a client that gives everything as text': async (stack) => {
    const embedded = stack.adopt(await PGlite.create(), (opened) => opened.close())
    const text = (value: unknown) =>
      typeof value === 'object' && value !== null ? JSON.stringify(value) : value
    return {
      async query(sql, parameters) {
        const { rows } = await embedded.query<object>(sql, parameters)
        return rows.map((row) =>
          Object.fromEntries(Object.entries(row).map(([name, value]) => [name, text(value)])),
        )
      },
    }
  },
}

describe.each(Object.entries(clients))('createPostgresStore over %s', (_name, open) => {
  const stack = new AsyncDisposableStack()
  let client: SqlClient
  beforeAll(async () => {
    client = await open(stack)
    await createPostgresStore(client).createTable()
    // A server may have to be installed first.
  }, 600_000)
  afterAll(() => stack.disposeAsync())
  beforeEach(async () => {
    await client.query('DELETE FROM subscriptions', [])
  })

  test.each(subscriptionStoreCases)('$name', ({ run }) => run(createPostgresStore(client)), 60_000)
})

describe('the table', () => {
  const stack = new AsyncDisposableStack()
  afterAll(() => stack.disposeAsync())

  test('may be another one, and pages may be small', async () => {
    const client = stack.adopt(await PGlite.create(), (embedded) => embedded.close())
    await client.query('CREATE SCHEMA app')
    const store = createPostgresStore(client, { table: 'app.push_devices', pageSize: 7 })
    await store.createTable()
    await store.createTable()
    for (const { run } of subscriptionStoreCases) {
      await client.query('DELETE FROM app.push_devices')
      await run(store)
    }
  }, 60_000)

  test('is made once, and fails for nobody, when several start together', async () => {
    const url = await serverUrl(stack)
    const pools = Array.from({ length: 8 }, () =>
      stack.adopt(new Pool({ connectionString: url, max: 1 }), (pool) => pool.end()),
    )
    await Promise.all(pools.map((pool) => pool.query('SELECT 1')))
    for (let round = 0; round < 5; round += 1) {
      const table = `together_${round}`
      await pools[0]?.query(`DROP TABLE IF EXISTS ${table}`)
      await Promise.all(pools.map((pool) => createPostgresStore(pool, { table }).createTable()))
    }
    // A server may have to be installed first.
  }, 600_000)

  test.each(['', 'a b', 'a;DROP TABLE b', 'a.b.c', '"a"', 'x'.repeat(60)])(
    'is not called %o',
    (table) => {
      expect(() => createPostgresStore({ query: async () => [] }, { table })).toThrow(TypeError)
      expect(() => postgresStoreTable(table)).toThrow('table must')
    },
  )
})
