import { IDBFactory } from 'fake-indexeddb'
import 'fake-indexeddb/auto'
import { openDB } from 'idb'
import { beforeEach, expect, test } from 'vitest'
import { openDatabase } from '../../src/shared/database.ts'

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory()
})

test('a database that newer code has made is used as it is', async () => {
  const first = await openDatabase()
  const record = { scope: 'https://app.example/', mayHold: [] }
  await first.put('registrations', record)
  first.close()
  const newer = await openDB('pushwell', first.version + 1, {
    upgrade: (database) => void database.createObjectStore('later'),
  })
  newer.close()
  const again = await openDatabase()
  expect(again.version).toBe(first.version + 1)
  expect(await again.get('registrations', record.scope)).toEqual(record)
})

test('a database that was deleted meanwhile is whole when it is opened the next time', async () => {
  const open = indexedDB.open.bind(indexedDB)
  const refuse = () => {
    throw new DOMException('newer', 'VersionError')
  }
  indexedDB.open = (name, version) => (version ? refuse() : open(name))
  const first = await openDatabase()
  first.close()
  indexedDB.open = open
  const names = [...(await openDatabase()).objectStoreNames]
  expect(names).toEqual(expect.arrayContaining([...first.objectStoreNames, 'messages', 'inbox']))
})
