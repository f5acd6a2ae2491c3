import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { subscriptionId } from '../../src/shared/protocol.ts'
import type {
  SubscriptionFilter,
  SubscriptionRecord,
  SubscriptionStore,
} from '../../src/server/index.ts'

/** A store under test, and how to take it down. */
export interface StoreUnderTest {
  readonly store: SubscriptionStore
  close?(): Promise<void>
}

/** Makes a record that no other has the id of, with everything in it that a record can have. */
async function createRecord(
  name: string,
  change: Partial<SubscriptionRecord> = {},
): Promise<SubscriptionRecord> {
  const endpoint = `https://push.example.net/p/${name}`
  return {
    id: await subscriptionId(endpoint),
    subscription: {
      endpoint,
      expirationTime: null,
      keys: { p256dh: `B${'A'.repeat(86)}`, auth: 'A'.repeat(22) },
    },
    applicationServerKey: `B${'B'.repeat(86)}`,
    recipient: 'user-1',
    tags: ['news', "it's; DROP TABLE", 'ü'],
    client: { sdk: 'pushwell/0.1.0', language: 'de-AT', timeZone: 'Europe/Vienna' },
    createdAt: 1_800_000_000_000,
    updatedAt: 1_800_000_000_001,
    ...change,
  }
}

/** How many records the tests put that are about many. */
export const manyRecords = 250

function createRecords(count: number): Promise<SubscriptionRecord[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => createRecord(`many-${index}`)))
}

function idsOf(records: readonly SubscriptionRecord[]): string[] {
  return records.map(({ id }) => id).sort()
}

/** More than any test puts: a store that gives as many repeats itself, perhaps without end. */
const tooMany = 1000

/**
 * Holds a store against the contract of {@link SubscriptionStore}. A store that reads in pages is
 * to be given one that `manyRecords` fills several times.
 */
export function testSubscriptionStore(name: string, open: () => Promise<StoreUnderTest>): void {
  describe(`${name} keeps the contract of a subscription store`, () => {
    let opened: StoreUnderTest
    let store: SubscriptionStore

    beforeEach(async () => {
      opened = await open()
      store = opened.store
    })
    afterEach(() => opened.close?.())

    async function ids(filter?: SubscriptionFilter): Promise<string[]> {
      const found: string[] = []
      for await (const { id } of store.list(filter)) {
        if (found.push(id) === tooMany) break
      }
      return found.sort()
    }

    test('gives back a record whole', async () => {
      const bare = await createRecord('bare', { recipient: null, tags: [], client: { sdk: 'x' } })
      const full = await createRecord('full', {
        subscription: { ...bare.subscription, expirationTime: 1_900_000_000_000 },
      })
      await store.put(bare)
      await store.put(full)
      expect(await store.get(bare.id)).toEqual(bare)
      expect(await store.get(full.id)).toEqual(full)
    })

    test('gives null for a record that it does not have', async () => {
      expect(await store.get((await createRecord('none')).id)).toBeNull()
    })

    test('keeps one record for an id, the last one', async () => {
      const first = await createRecord('one')
      const second = { ...first, recipient: 'user-2', tags: [], updatedAt: 1_800_000_000_002 }
      await store.put(first)
      await store.put(second)
      expect(await store.get(first.id)).toEqual(second)
      expect(await ids()).toEqual([first.id])
    })

    test('puts a record in the place of another', async () => {
      const [before, after] = [await createRecord('before'), await createRecord('after')]
      await store.put(before)
      await store.put(after, { replaces: before.id })
      expect(await ids()).toEqual([after.id])
      await store.put(after, { replaces: before.id })
      await store.put(after, { replaces: after.id })
      expect(await ids()).toEqual([after.id])
    })

    test('removes a record, also one that is not there', async () => {
      const record = await createRecord('one')
      await store.put(record)
      await store.remove(record.id)
      await store.remove(record.id)
      expect(await store.get(record.id)).toBeNull()
    })

    test('removes for a recipient what is theirs or nobody’s, and nothing else', async () => {
      const record = await createRecord('one')
      await store.put(record)
      await store.remove(record.id, { recipient: 'user-2' })
      await store.remove(record.id, { recipient: null })
      expect(await store.get(record.id)).toEqual(record)
      await store.remove(record.id, { recipient: 'user-1' })
      expect(await store.get(record.id)).toBeNull()

      const nobodys = { ...record, recipient: null }
      for (const recipient of [null, 'user-2']) {
        await store.put(nobodys)
        await store.remove(record.id, { recipient })
        expect(await store.get(record.id)).toBeNull()
      }
    })

    test('lists what fits everything that is set', async () => {
      const [a, b, c] = [
        await createRecord('a', { recipient: 'user-1', tags: ['news'] }),
        await createRecord('b', { recipient: 'user-1', tags: [] }),
        await createRecord('c', { recipient: null, tags: ['news', 'sport'] }),
      ]
      for (const record of [a, b, c]) await store.put(record)
      expect(await ids()).toEqual([a.id, b.id, c.id].sort())
      expect(await ids({ recipient: 'user-1' })).toEqual([a.id, b.id].sort())
      expect(await ids({ tag: 'news' })).toEqual([a.id, c.id].sort())
      expect(await ids({ tag: 'new' })).toEqual([])
      expect(await ids({ recipient: 'user-1', tag: 'news' })).toEqual([a.id])
      expect(await ids({ recipient: 'user-3' })).toEqual([])
    })

    test('lists each of many records once, whatever it is asked for', async () => {
      const records = await createRecords(manyRecords)
      for (const [index, record] of records.entries()) {
        await store.put({ ...record, tags: [index % 2 ? 'odd' : 'even'] })
      }
      const odd = records.filter((_, index) => index % 2)
      expect(await ids()).toEqual(idsOf(records))
      expect(await ids({ tag: 'odd' })).toEqual(idsOf(odd))
    })

    test('lists each record once while others come, change and go', async () => {
      const records = await createRecords(manyRecords)
      for (const record of records) await store.put(record)
      const seen: string[] = []
      for await (const record of store.list()) {
        if (seen.push(record.id) === tooMany) break
        if (seen.length % 2) await store.remove(record.id)
        else await store.put({ ...record, updatedAt: record.updatedAt + 1 })
      }
      expect(seen.sort()).toEqual(idsOf(records))
      expect(await ids()).toHaveLength(manyRecords / 2)
    })

    test('lets a listing be left early', async () => {
      for (const one of ['a', 'b']) await store.put(await createRecord(one))
      for await (const record of store.list()) {
        expect(record.tags).toContain('news')
        break
      }
      expect(await ids()).toHaveLength(2)
    })

    test('keeps what it gave and got apart from what it has', async () => {
      const record = await createRecord('one')
      const tags = ['news']
      await store.put({ ...record, tags })
      tags.push('later')
      const given = await store.get(record.id)
      Array.prototype.push.call(given?.tags, 'much later')
      expect((await store.get(record.id))?.tags).toEqual(['news'])
    })
  })
}
