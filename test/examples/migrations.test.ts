import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Database, openDatabase } from '../../examples/server/database.ts'
import { migrate } from '../../examples/server/migrations.ts'
import { vapidKeyPair } from '../../examples/server/vapid-key-pair.ts'

let database: Database
beforeAll(async () => {
  database = await openDatabase('memory:')
}, 60_000)
afterAll(() => database?.close())

test('processes that start at once migrate once, and share one key pair', async () => {
  await Promise.all([migrate(database), migrate(database), migrate(database)])
  const pairs = await Promise.all([vapidKeyPair(database, {}), vapidKeyPair(database, {})])
  expect(pairs[0]).toEqual(pairs[1])
  await migrate(database)
  expect(await vapidKeyPair(database, {})).toEqual(pairs[0])
})

test('a key pair in the environment goes before the database’s', async () => {
  const environment = { VAPID_PUBLIC_KEY: 'public', VAPID_PRIVATE_KEY: 'private' }
  const pair = { publicKey: 'public', privateKey: 'private' }
  expect(await vapidKeyPair(database, environment)).toEqual(pair)
})
