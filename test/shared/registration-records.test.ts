import { IDBFactory, IDBObjectStore } from 'fake-indexeddb'
import 'fake-indexeddb/auto'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createDatabaseConnection } from '../../src/shared/database-connection.ts'
import { openDatabase, type PushwellDatabase } from '../../src/shared/database.ts'
import { createMemoryRecords } from '../../src/shared/memory-records.ts'
import type { RegistrationRecord } from '../../src/shared/registration-record.ts'
import { createRegistrationRecords } from '../../src/shared/registration-records.ts'

const scope = 'https://app.example/'

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory()
})
afterEach(() => {
  vi.restoreAllMocks()
})

/** The records as one more page would read and write them. */
const another = () => createRegistrationRecords(createDatabaseConnection())

const tagged = (tag: string) => (record: RegistrationRecord) => ({
  ...record,
  tags: [...(record.tags ?? []), tag],
})

/** Records in a database that takes nothing more once it `isFull`. */
function fillable() {
  const disk = { isFull: false }
  const database = createDatabaseConnection(async () => {
    const open = await openDatabase()
    const transaction = open.transaction.bind(open) as (...args: unknown[]) => unknown
    const guarded = (stores: unknown, mode: unknown) => {
      if (disk.isFull && mode === 'readwrite') throw new DOMException('', 'QuotaExceededError')
      return transaction(stores, mode)
    }
    return { transaction: guarded } as unknown as PushwellDatabase
  })
  return { disk, records: createRegistrationRecords(database) }
}

describe.each([
  ['kept in the database', another],
  ['kept in memory', createMemoryRecords],
])('records %s', (_, create) => {
  test('are not there before something is written', async () => {
    expect(await create().get(scope)).toBeUndefined()
  })

  test('start empty, and are given as they were written', async () => {
    const records = create()
    expect(await records.update(scope, tagged('a'))).toEqual({ scope, mayHold: [], tags: ['a'] })
    expect(await records.get(scope)).toEqual({ scope, mayHold: [], tags: ['a'] })
    expect(records.persistent).toBe(true)
  })

  test('are one for each scope', async () => {
    const records = create()
    await records.update(scope, tagged('a'))
    expect(await records.get(`${scope}other/`)).toBeUndefined()
  })

  test('lose no change of many that are made at once', async () => {
    const records = create()
    const tags = ['a', 'b', 'c', 'd', 'e']
    await Promise.all(tags.map((tag) => records.update(scope, tagged(tag))))
    expect((await records.get(scope))?.tags?.toSorted()).toEqual(tags)
  })

  test('stay as they are when the change itself fails', async () => {
    const records = create()
    await records.update(scope, tagged('a'))
    const mistake = new RangeError('too many')
    const failing = async () =>
      records.update(scope, () => {
        throw mistake
      })
    await expect(failing()).rejects.toBe(mistake)
    expect(records.persistent).toBe(true)
    expect((await records.get(scope))?.tags).toEqual(['a'])
  })
})

describe('records in the database', () => {
  test('outlive whoever wrote them', async () => {
    await another().update(scope, tagged('a'))
    expect((await another().get(scope))?.tags).toEqual(['a'])
  })

  test('lose no change of many pages at once', async () => {
    const tags = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j']
    await Promise.all(tags.map((tag) => another().update(scope, tagged(tag))))
    expect((await another().get(scope))?.tags?.toSorted()).toEqual(tags)
  })
})

describe('a database that fails', () => {
  test('from the start has everything kept in memory, which is said', async () => {
    const broken = () => Promise.reject(new Error('no database'))
    const records = createRegistrationRecords(createDatabaseConnection(broken))
    expect(await records.get(scope)).toBeUndefined()
    await records.update(scope, tagged('a'))
    await records.update(scope, tagged('b'))
    expect((await records.get(scope))?.tags).toEqual(['a', 'b'])
    expect(records.persistent).toBe(false)
  })

  test('for being full goes on from what it has, and what it did not take goes before it', async () => {
    const { disk, records } = fillable()
    await records.update(scope, tagged('a'))
    disk.isFull = true
    expect((await records.update(scope, tagged('b'))).tags).toEqual(['a', 'b'])
    expect(records.persistent).toBe(false)
    expect((await records.get(scope))?.tags).toEqual(['a', 'b'])
    expect((await another().get(scope))?.tags).toEqual(['a'])
  })

  test('gets everything that it missed once it takes something again', async () => {
    const { disk, records } = fillable()
    disk.isFull = true
    await records.update(scope, tagged('a'))
    disk.isFull = false
    await records.update(scope, tagged('b'))
    expect(records.persistent).toBe(true)
    expect((await another().get(scope))?.tags).toEqual(['a', 'b'])
    await another().update(scope, tagged('c'))
    expect((await records.get(scope))?.tags).toEqual(['a', 'b', 'c'])
  })
})

test('a database of a newer version is written to as any other', async () => {
  const records = another()
  await records.update(scope, tagged('a'))
  const request = indexedDB.open('pushwell', 1000)
  await new Promise((resolve) => request.addEventListener('success', resolve))
  expect((await records.update(scope, tagged('b'))).tags).toEqual(['a', 'b'])
  expect(records.persistent).toBe(true)
  request.result.close()
})

describe('what a full database did not take', () => {
  const enabling = (record: RegistrationRecord) => ({ ...record, enabled: true })
  const forgetting = (record: RegistrationRecord) => ({ ...record, recipient: null })
  const signing = (recipient: string) => (record: RegistrationRecord) => ({ ...record, recipient })

  test('goes over what others write, and hides nothing of it', async () => {
    const { disk, records } = fillable()
    await records.update(scope, enabling)
    disk.isFull = true
    await records.update(scope, tagged('a'))
    await another().update(scope, (record) => ({ ...record, enabled: false, recipient: null }))
    const expected = { enabled: false, recipient: null, tags: ['a'] }
    expect(await records.get(scope)).toMatchObject(expected)
    disk.isFull = false
    expect(await records.update(scope, (record) => record)).toMatchObject(expected)
    expect(records.persistent).toBe(true)
    await another().update(scope, signing('ann'))
    expect((await records.get(scope))?.recipient).toBe('ann')
  })

  test('of another registration still counts as not stored', async () => {
    const { disk, records } = fillable()
    disk.isFull = true
    await records.update(scope, tagged('a'))
    disk.isFull = false
    await records.update(`${scope}other/`, tagged('b'))
    expect(records.persistent).toBe(false)
    await records.update(scope, tagged('c'))
    expect(records.persistent).toBe(true)
  })

  test('of many changes at once is none lost of, and none made twice', async () => {
    const { disk, records } = fillable()
    await records.update(scope, tagged('0'))
    disk.isFull = true
    await Promise.all(['a', 'b'].map((tag) => records.update(scope, tagged(tag))))
    disk.isFull = false
    await Promise.all(['c', 'd'].map((tag) => records.update(scope, tagged(tag))))
    expect((await another().get(scope))?.tags?.toSorted()).toEqual(['0', 'a', 'b', 'c', 'd'])
  })

  test('is left out where it does not go with what others have stored', async () => {
    const { disk, records } = fillable()
    await records.update(scope, tagged('a'))
    disk.isFull = true
    await records.update(scope, (record) => {
      if ((record.tags?.length ?? 0) > 1) throw new RangeError('too many')
      return tagged('b')(record)
    })
    await another().update(scope, tagged('c'))
    expect((await records.get(scope))?.tags).toEqual(['a', 'c'])
  })

  test('takes a record out that names who is no longer signed in, and keeps the rest', async () => {
    const records = another()
    await records.update(scope, (record) => ({ ...enabling(record), recipient: 'ann' }))
    const put = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError')
    })
    await records.update(scope, tagged('a'))
    expect(await another().get(scope)).toMatchObject({ recipient: 'ann' })
    await records.update(scope, forgetting)
    expect(await another().get(scope)).toBeUndefined()
    const kept = { enabled: true, recipient: null, tags: ['a'] }
    expect(await records.get(scope)).toMatchObject(kept)
    put.mockRestore()
    await another().update(scope, signing('bob'))
    expect(await records.update(scope, tagged('b'))).toEqual({
      scope,
      mayHold: [],
      enabled: true,
      recipient: 'bob',
      tags: ['a', 'b'],
    })
  })

  test('however often is bounded, and still hides nothing that others write', async () => {
    const { disk, records } = fillable()
    await records.update(scope, (record) => ({ ...record, recipient: 'ann', mayHold: ['1'] }))
    disk.isFull = true
    let made = 0
    for (let index = 0; index < 150; index += 1) {
      await records.update(scope, (record) => {
        made += 1
        return { ...record, heartbeatMs: index }
      })
    }
    await another().update(scope, (record) => ({ ...forgetting(record), mayHold: ['1', '2'] }))
    made = 0
    expect(await records.get(scope)).toMatchObject({
      recipient: null,
      heartbeatMs: 149,
      mayHold: ['1', '2'],
    })
    expect(made).toBeLessThan(100)
  })
})
