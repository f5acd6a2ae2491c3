import { IDBFactory } from 'fake-indexeddb'
import 'fake-indexeddb/auto'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createDatabaseConnection } from '../../src/shared/database-connection.ts'
import { openDatabase, type PushwellDatabase } from '../../src/shared/database.ts'

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory()
})
afterEach(() => {
  vi.useRealTimers()
})

/** A connection, and every database that it has opened. */
function start() {
  const opened: PushwellDatabase[] = []
  const connection = createDatabaseConnection(async () => {
    const database = await openDatabase()
    opened.push(database)
    return database
  })
  return { connection, opened }
}

const count = (open: PushwellDatabase) => open.count('registrations')

describe('a connection to the database', () => {
  test('is made at the first use, and used from then on', async () => {
    const { connection, opened } = start()
    expect(opened).toEqual([])
    expect(await Promise.all([connection.use(count), connection.use(count)])).toEqual([0, 0])
    expect(await connection.use(count)).toBe(0)
    expect(opened).toHaveLength(1)
  })

  test('is made anew when it has closed', async () => {
    const { connection, opened } = start()
    await connection.use(count)
    opened[0]?.close()
    expect(await connection.use(count)).toBe(0)
    expect(opened).toHaveLength(2)
  })

  test('does work that fails once more, and tells of it when it fails again', async () => {
    const { connection } = start()
    let tries = 0
    const full = new DOMException('full', 'QuotaExceededError')
    const work = () => {
      tries += 1
      return Promise.reject(full)
    }
    await expect(connection.use(work)).rejects.toBe(full)
    expect(tries).toBe(2)
    expect(await connection.use(count)).toBe(0)
  })

  test('is tried again when the database opens later than at first', async () => {
    let isBroken = true
    const connection = createDatabaseConnection(() =>
      isBroken ? Promise.reject(new Error('broken')) : openDatabase(),
    )
    await expect(connection.use(count)).rejects.toThrow('broken')
    isBroken = false
    expect(await connection.use(count)).toBe(0)
  })

  test('fails where there is no IndexedDB', async () => {
    globalThis.indexedDB = undefined as unknown as IDBFactory
    await expect(createDatabaseConnection().use(count)).rejects.toThrow()
  })

  test('is not waited for without an end when somebody stands in its way', async () => {
    vi.useFakeTimers()
    const connection = createDatabaseConnection(() => new Promise(() => undefined))
    const used = connection.use(count).catch((error: unknown) => error)
    await vi.runAllTimersAsync()
    expect(await used).toMatchObject({ code: 'timeout' })
  })

  test('is not waited for without an end when a transaction never ends, nor once for each', async () => {
    const open = { close: () => undefined } as unknown as PushwellDatabase
    const connection = createDatabaseConnection(() => Promise.resolve(open))
    const hangs = () => new Promise<never>(() => undefined)
    const use = () => connection.use(hangs).catch((error: unknown) => error)
    vi.useFakeTimers()
    const first = use()
    await vi.advanceTimersByTimeAsync(3000)
    expect(await first).toMatchObject({ code: 'timeout' })
    expect(await use()).toMatchObject({ code: 'timeout' })
    expect(vi.getTimerCount()).toBe(0)
  })

  test('that has hung is tried again after a while, and works on', async () => {
    const open = { close: () => undefined } as unknown as PushwellDatabase
    const connection = createDatabaseConnection(() => Promise.resolve(open))
    vi.useFakeTimers()
    const first = connection.use(() => new Promise<never>(() => undefined)).catch(() => 'hung')
    await vi.advanceTimersByTimeAsync(3000)
    expect(await first).toBe('hung')
    const work = () => Promise.resolve('done')
    await expect(connection.use(work)).rejects.toMatchObject({ code: 'timeout' })
    await vi.advanceTimersByTimeAsync(10_000)
    expect(await connection.use(work)).toBe('done')
    expect(await connection.use(work)).toBe('done')
  })

  test('gives way to a newer version in another tab, and goes on in that', async () => {
    const { connection } = start()
    await connection.use(count)
    const request = indexedDB.open('pushwell', 1000)
    await new Promise((resolve, reject) => {
      request.addEventListener('success', resolve)
      request.addEventListener('error', reject)
    })
    expect(request.result.version).toBe(1000)
    expect(await connection.use(count)).toBe(0)
    request.result.close()
  })

  test('brings a database of the first version up to date, with all that is in it', async () => {
    const request = indexedDB.open('pushwell', 1)
    request.addEventListener('upgradeneeded', () => {
      const store = request.result.createObjectStore('registrations', { keyPath: 'scope' })
      store.put({ scope: 'https://app.example/', mayHold: [] })
    })
    await new Promise((resolve) => request.addEventListener('success', resolve))
    request.result.close()
    const { connection } = start()
    expect(await connection.use(count)).toBe(1)
    expect(await connection.use((open) => open.count('clicks'))).toBe(0)
    expect(await connection.use((open) => open.count('messages'))).toBe(0)
  })
})
