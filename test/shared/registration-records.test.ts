import { IDBFactory } from 'fake-indexeddb'
import 'fake-indexeddb/auto'
import { beforeEach, describe, expect, test } from 'vitest'
import { openDatabase, type PushwellDatabase } from '../../src/shared/database.ts'
import { createRegistrationRecords } from '../../src/shared/registration-records.ts'

const record = { scope: 'https://app.example/', enabled: true, mayHold: [] }
const off = { ...record, enabled: false }

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory()
})

describe('registration records', () => {
  test('outlive whoever wrote them', async () => {
    await createRegistrationRecords().put(record)
    expect(await createRegistrationRecords().get(record.scope)).toEqual(record)
  })

  test('are written on a new connection when the old one has closed', async () => {
    const opened: PushwellDatabase[] = []
    const records = createRegistrationRecords(async () => {
      const database = await openDatabase()
      opened.push(database)
      return database
    })
    await records.put(record)
    opened[0]?.close()
    await records.put(off)
    expect(await createRegistrationRecords().get(record.scope)).toEqual(off)
    expect(opened).toHaveLength(2)
  })

  test('are kept in memory when the database cannot be opened', async () => {
    const records = createRegistrationRecords(() => Promise.reject(new Error('no database')))
    expect(await records.get(record.scope)).toBeUndefined()
    await records.put(record)
    expect(await records.get(record.scope)).toEqual(record)
  })

  test('that the database did not take go before the older ones that it has', async () => {
    const records = createRegistrationRecords(async () => {
      const database = await openDatabase()
      const transaction = database.transaction.bind(database) as (...args: unknown[]) => unknown
      const full = (stores: unknown, mode: unknown) => {
        if (mode === 'readwrite') throw new DOMException('full', 'QuotaExceededError')
        return transaction(stores, mode)
      }
      return { transaction: full } as unknown as PushwellDatabase
    })
    await createRegistrationRecords().put(record)
    expect(await records.get(record.scope)).toEqual(record)
    await records.put(off)
    expect(await records.get(record.scope)).toEqual(off)
  })

  test('give way to a newer version of the database in another tab', async () => {
    const records = createRegistrationRecords()
    await records.put(record)
    const request = indexedDB.open('pushwell', 1000)
    await new Promise((resolve, reject) => {
      request.addEventListener('success', resolve)
      request.addEventListener('error', reject)
    })
    expect(request.result.version).toBe(1000)
    request.result.close()
  })
})
