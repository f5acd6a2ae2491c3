import { IDBFactory } from 'fake-indexeddb'
import 'fake-indexeddb/auto'
import * as fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import { createClickLog } from '../../src/shared/click-log.ts'
import { createDatabaseConnection } from '../../src/shared/database-connection.ts'
import type { StoredClick } from '../../src/shared/stored-click.ts'

const scope = 'https://app.example/'
const day = 86_400_000

const clickAt = (at: number, more: Partial<StoredClick> = {}): StoredClick => ({
  key: `${at}`,
  scope,
  at,
  action: '',
  url: scope,
  ...more,
})
const open = () => createClickLog(createDatabaseConnection())
const any = () => true
const keysOf = (clicks: readonly StoredClick[]) => clicks.map(({ key }) => key)

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory()
})

describe('the click log', () => {
  test('gives the clicks of a scope, the oldest first, and each once', async () => {
    const log = open()
    for (const at of [2, 3, 1]) await log.add(clickAt(at, { data: { at } }))
    await log.add(clickAt(4, { scope: 'https://app.example/other/' }))
    expect(await log.take(scope, any)).toEqual([1, 2, 3].map((at) => clickAt(at, { data: { at } })))
    expect(await log.take(scope, any)).toEqual([])
  })

  test('keeps those that are not wanted', async () => {
    const log = open()
    for (const type of ['a', 'b']) await log.add(clickAt(1, { key: type, type }))
    expect(keysOf(await log.take(scope, ({ type }) => type === 'b'))).toEqual(['b'])
    expect(keysOf(await log.take(scope, any))).toEqual(['a'])
  })

  test('keeps all of them when the choice throws', async () => {
    const log = open()
    await log.add(clickAt(1))
    const broken = () => {
      throw new Error('broken')
    }
    await expect(log.take(scope, broken)).rejects.toThrow('broken')
    expect(await log.take(scope, any)).toHaveLength(1)
  })

  test('gives the one with a key, once', async () => {
    const log = open()
    for (const at of [1, 2]) await log.add(clickAt(at))
    expect(await log.takeOne('1')).toEqual(clickAt(1))
    expect(await log.takeOne('1')).toBeUndefined()
    expect(keysOf(await log.take(scope, any))).toEqual(['2'])
  })

  test('lets go of what is older than a day, in its scope alone', async () => {
    const log = open()
    const other = 'https://app.example/other/'
    for (const at of [0, 1]) await log.add(clickAt(at))
    await log.add(clickAt(0, { key: 'other', scope: other }))
    await log.add(clickAt(day + 1))
    expect(keysOf(await log.take(scope, any))).toEqual(['1', `${day + 1}`])
    expect(keysOf(await log.take(other, any))).toEqual(['other'])
  })

  test('keeps the newest twenty', async () => {
    const log = open()
    for (let at = 1; at <= 25; at++) await log.add(clickAt(at))
    expect(keysOf(await log.take(scope, any))).toEqual(
      Array.from({ length: 20 }, (_, index) => `${index + 6}`),
    )
  })

  test('rejects when the database fails', async () => {
    const broken = () => Promise.reject(new Error('no database'))
    const log = createClickLog(createDatabaseConnection(broken))
    await expect(log.add(clickAt(1))).rejects.toThrow('no database')
    await expect(log.take(scope, any)).rejects.toThrow('no database')
  })

  test('hands each click to one of any number of takers at once', async () => {
    const takers = fc.array(fc.oneof(fc.constant('all'), fc.integer({ min: 1, max: 20 })), {
      minLength: 1,
      maxLength: 8,
    })
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 20 }), takers, async (count, taken) => {
        globalThis.indexedDB = new IDBFactory()
        const keys = Array.from({ length: count }, (_, index) => `${index + 1}`)
        for (const key of keys) await open().add(clickAt(Number(key)))
        const given = await Promise.all(
          taken.map(async (what) =>
            what === 'all'
              ? open().take(scope, any)
              : [await open().takeOne(`${what}`)].filter((click) => click !== undefined),
          ),
        )
        const handed = keysOf([...given.flat(), ...(await open().take(scope, any))])
        expect(handed.toSorted()).toEqual(keys.toSorted())
      }),
      { numRuns: 50 },
    )
  })
})
