import { IDBFactory } from 'fake-indexeddb'
import 'fake-indexeddb/auto'
import { beforeEach, expect, test } from 'vitest'
import { createDatabaseConnection } from '../../src/shared/database-connection.ts'
import { createShownLog } from '../../sw/shown-log.ts'

const day = 86_400_000
const start = () => createShownLog(createDatabaseConnection())
const keys = () =>
  createDatabaseConnection().use((open) => open.transaction('messages').store.getAllKeys())

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory()
})

test('a message is known once it was begun, and as shown once it was', async () => {
  const log = start()
  expect(await log.claim('a', 1)).toBeUndefined()
  expect(await log.claim('a', 2)).toEqual({ key: 'a', at: 1, shown: false })
  await log.confirm('a', 3)
  expect(await log.claim('a', 4)).toEqual({ key: 'a', at: 3, shown: true })
  expect(await start().claim('a', 5)).toEqual({ key: 'a', at: 4, shown: true })
})

test('of many that begin at the same moment one is first', async () => {
  const claims = await Promise.all(Array.from({ length: 20 }, () => start().claim('a', 1)))
  expect(claims.filter((before) => before === undefined)).toHaveLength(1)
})

test('a message is forgotten after four weeks', async () => {
  const log = start()
  await log.confirm('old', 1)
  await log.confirm('kept', 2)
  await log.confirm('new', 1 + 28 * day)
  expect(await keys()).toEqual(['kept', 'new', 'old'])
  await log.confirm('new', 2 + 28 * day)
  expect(await keys()).toEqual(['kept', 'new'])
})

test('the last thousand are remembered', async () => {
  const log = start()
  for (let at = 1; at <= 1010; at += 1) await log.confirm(`${at}`, at)
  const left = await keys()
  expect(left).toHaveLength(1000)
  expect(left).not.toContain('10')
  expect(left).toContain('11')
})
