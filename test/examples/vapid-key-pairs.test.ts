import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Database, openDatabase } from '../../examples/server/database.ts'
import { migrate } from '../../examples/server/migrations.ts'
import { rotateKeys } from '../../examples/server/rotate-keys.ts'
import { vapidKeyPairs } from '../../examples/server/vapid-key-pairs.ts'
import { startPostgresServer } from '../postgres/start-postgres-server.ts'

describe('in the embedded database', () => {
  testKeyPairs(async () => 'memory:')
})

describe('on a server, where connections really are at once', () => {
  testKeyPairs(async (stack) => stack.use(await startPostgresServer()).url)
})

function testKeyPairs(start: (stack: AsyncDisposableStack) => Promise<string>): void {
  const stack = new AsyncDisposableStack()
  let database: Database
  beforeAll(async () => {
    database = stack.adopt(await openDatabase(await start(stack)), (opened) => opened.close())
    // A server may have to be installed first.
  }, 600_000)
  afterAll(() => stack.disposeAsync())
  beforeEach(async () => {
    await database.query('DROP SCHEMA public CASCADE')
    await database.query('CREATE SCHEMA public')
  })

  test('processes that start at once migrate once, and share one key pair', async () => {
    await Promise.all([migrate(database), migrate(database), migrate(database)])
    const [first, second] = await Promise.all([
      vapidKeyPairs(database, {}),
      vapidKeyPairs(database, {}),
    ])
    expect(first).toHaveLength(1)
    expect(second).toEqual(first)
    await migrate(database)
    expect(await vapidKeyPairs(database, {})).toEqual(first)
  })

  test('a new pair goes before those that were there, and they stay', async () => {
    await migrate(database)
    const [first] = await vapidKeyPairs(database, {})
    const second = await rotateKeys(database)
    const third = await rotateKeys(database)
    expect(await vapidKeyPairs(database, {})).toEqual([third, second, first])
  })

  test('one that is taken away leaves room for no other', async () => {
    await migrate(database)
    await vapidKeyPairs(database, {})
    const second = await rotateKeys(database)
    await database.query('DELETE FROM vapid_keys WHERE public_key <> $1', [second.publicKey])
    const third = await rotateKeys(database)
    expect(await vapidKeyPairs(database, {})).toEqual([third, second])
  })

  test('of several rotations at once, all give the pair that is the newest then', async () => {
    await migrate(database)
    const [first] = await vapidKeyPairs(database, {})
    const made = await Promise.all([1, 2, 3].map(() => rotateKeys(database)))
    const [newest, ...older] = await vapidKeyPairs(database, {})
    expect(older).toContainEqual(first)
    expect(made).toContainEqual(newest)
  })

  test('the environment’s pair goes before the database’s, which stay', async () => {
    const environment = { VAPID_PUBLIC_KEY: 'public', VAPID_PRIVATE_KEY: 'private' }
    const pair = { publicKey: 'public', privateKey: 'private' }
    await migrate(database)
    expect(await vapidKeyPairs(database, environment)).toEqual([pair])
    const [held] = await vapidKeyPairs(database, {})
    expect(await vapidKeyPairs(database, environment)).toEqual([pair, held])
  })

  test('a database that could hold but one pair keeps it', async () => {
    for (const sql of [
      'CREATE TABLE migrations (version integer PRIMARY KEY)',
      'INSERT INTO migrations VALUES (0), (1), (2)',
      'CREATE TABLE subscriptions (id text PRIMARY KEY, tags text[], updated_at bigint)',
      `CREATE TABLE vapid_keys (
       singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
       public_key text NOT NULL,
       private_key text NOT NULL
     )`,
      `INSERT INTO vapid_keys (public_key, private_key) VALUES ('public', 'private')`,
    ]) {
      await database.query(sql)
    }
    await migrate(database)
    const pair = { publicKey: 'public', privateKey: 'private' }
    expect(await vapidKeyPairs(database, {})).toEqual([pair])
    expect(await rotateKeys(database)).not.toEqual(pair)
    expect(await vapidKeyPairs(database, {})).toMatchObject([{}, pair])
  })
}
