import assert from 'node:assert/strict'
import type { StoreCase } from './store-case.ts'
import { createRecord, idsOf, listedIds, putMany } from './store-records.ts'

/**
 * The contract of a `SubscriptionStore`, a case each promise: for a test runner of any kind.
 *
 * @example
 * test.each(subscriptionStoreCases)('$name', ({ run }) => run(createMyStore()))
 */
export const subscriptionStoreCases: readonly StoreCase[] = [
  {
    name: 'gives back a record whole',
    async run(store) {
      const bare = await createRecord('bare', { recipient: null, tags: [], client: { sdk: 'x' } })
      const full = await createRecord(`full-${'x'.repeat(2000)}`)
      const expiring = { ...full.subscription, expirationTime: 1_900_000_000_000 }
      await store.put(bare)
      await store.put({ ...full, subscription: expiring })
      assert.deepEqual(await store.get(bare.id), bare)
      assert.deepEqual(await store.get(full.id), { ...full, subscription: expiring })
    },
  },
  {
    name: 'gives null for a record that it does not have',
    async run(store) {
      await store.put(await createRecord('other'))
      assert.equal(await store.get((await createRecord('none')).id), null)
    },
  },
  {
    name: 'keeps one record for an id, the last one',
    async run(store) {
      const first = await createRecord('one')
      const second = { ...first, recipient: 'user-2', tags: [], updatedAt: 1_800_000_000_002 }
      await store.put(first)
      await store.put(second)
      assert.deepEqual(await store.get(first.id), second)
      assert.deepEqual(await listedIds(store), [first.id])
    },
  },
  {
    name: 'puts a record in the place of another',
    async run(store) {
      const [before, after] = [await createRecord('before'), await createRecord('after')]
      await store.put(before)
      await store.put(after, { replaces: before.id })
      assert.deepEqual(await listedIds(store), [after.id])
      await store.put(after, { replaces: before.id })
      await store.put(after, { replaces: after.id })
      assert.deepEqual(await listedIds(store), [after.id])
    },
  },
  {
    name: 'never shows both or neither of a record and the one in its place',
    async run(store) {
      for (let time = 0; time < 20; time += 1) {
        const [before, after] = [await createRecord(`${time}`), await createRecord(`${time}-after`)]
        await store.put(before)
        const step = { isOver: false }
        const replacing = store.put(after, { replaces: before.id }).finally(() => {
          step.isOver = true
        })
        const looking = (async () => {
          do {
            if ((await store.get(before.id)) === null) {
              assert.notEqual(await store.get(after.id), null)
            }
            if ((await store.get(after.id)) !== null) {
              assert.equal(await store.get(before.id), null)
            }
          } while (!step.isOver)
        })()
        await Promise.all([replacing, looking])
      }
    },
  },
  {
    name: 'removes a record, also one that is not there',
    async run(store) {
      const record = await createRecord('one')
      await store.put(record)
      await store.remove(record.id)
      await store.remove(record.id)
      assert.equal(await store.get(record.id), null)
    },
  },
  {
    name: 'removes for a recipient what is theirs or nobody’s, and nothing else',
    async run(store) {
      const record = await createRecord('one')
      await store.put(record)
      await store.remove(record.id, { recipient: 'user-2' })
      await store.remove(record.id, { recipient: null })
      assert.deepEqual(await store.get(record.id), record)
      await store.remove(record.id, { recipient: 'user-1' })
      assert.equal(await store.get(record.id), null)
      for (const recipient of [null, 'user-2']) {
        await store.put({ ...record, recipient: null })
        await store.remove(record.id, { recipient })
        assert.equal(await store.get(record.id), null)
      }
    },
  },
  {
    name: 'lists what fits everything that is set',
    async run(store) {
      const [a, b, c] = await Promise.all([
        createRecord('a', { recipient: 'user-1', tags: ['news'] }),
        createRecord('b', { recipient: 'user-1', tags: [] }),
        createRecord('c', { recipient: null, tags: ['news', 'sport'] }),
      ])
      for (const record of [a, b, c]) await store.put(record)
      assert.deepEqual(await listedIds(store), idsOf([a, b, c]))
      assert.deepEqual(await listedIds(store, { recipient: 'user-1' }), idsOf([a, b]))
      assert.deepEqual(await listedIds(store, { tag: 'news' }), idsOf([a, c]))
      assert.deepEqual(await listedIds(store, { tag: 'new' }), [])
      assert.deepEqual(await listedIds(store, { recipient: 'user-1', tag: 'news' }), [a.id])
      assert.deepEqual(await listedIds(store, { recipient: 'user-3' }), [])
    },
  },
  {
    name: 'lists each of many records once, whatever it is asked for',
    async run(store) {
      const records = await putMany(store)
      const odd = records.filter((_, index) => index % 2)
      assert.deepEqual(await listedIds(store), idsOf(records))
      assert.deepEqual(await listedIds(store, { tag: 'odd' }), idsOf(odd))
      assert.deepEqual(await listedIds(store, { recipient: 'user-1' }), idsOf(records))
    },
  },
  {
    name: 'lists each record once while others come, change and go',
    async run(store) {
      const records = await putMany(store)
      const seen: string[] = []
      for await (const record of store.list()) {
        if (seen.push(record.id) > 2 * records.length) break
        if (seen.length % 2) await store.remove(record.id)
        else await store.put({ ...record, updatedAt: record.updatedAt + 1 })
      }
      assert.deepEqual(seen.sort(), idsOf(records))
      assert.equal((await listedIds(store)).length, records.length / 2)
    },
  },
  {
    name: 'lets a listing be left early',
    async run(store) {
      for (const one of ['a', 'b']) await store.put(await createRecord(one))
      for await (const record of store.list()) {
        assert.ok(record.tags.includes('news'))
        break
      }
      assert.equal((await listedIds(store)).length, 2)
    },
  },
  {
    name: 'keeps what it gave and got apart from what it has',
    async run(store) {
      const record = await createRecord('one')
      const tags = ['news']
      await store.put({ ...record, tags })
      tags.push('later')
      const given = await store.get(record.id)
      Array.prototype.push.call(given?.tags, 'much later')
      assert.deepEqual((await store.get(record.id))?.tags, ['news'])
    },
  },
]
