import { describe, expect, test } from 'vitest'
import {
  createMemoryStore,
  type SubscriptionRecord,
  type SubscriptionStore,
} from '../../../src/server/index.ts'
import { checkSubscriptionStore } from '../../../src/testing/index.ts'

/** What a store that is right but for one thing does otherwise, and the promise that it breaks. */
const mistakes: Readonly<
  Record<string, readonly [string, (right: SubscriptionStore) => Partial<SubscriptionStore>]>
> = {
  'loses the tags': [
    'gives back a record whole',
    (right) => ({ put: (record, options) => right.put({ ...record, tags: [] }, options) }),
  ],
  'gives undefined for what is not there': [
    'gives null for a record that it does not have',
    (right) => ({ get: async (id) => (await right.get(id)) ?? (undefined as unknown as null) }),
  ],
  'keeps the first': [
    'keeps one record for an id, the last one',
    (right) => ({
      put: async (record, options) =>
        (await right.get(record.id)) ? undefined : right.put(record, options),
    }),
  ],
  'leaves what is replaced': [
    'puts a record in the place of another',
    (right) => ({ put: (record) => right.put(record) }),
  ],
  'removes itself when it replaces itself': [
    'puts a record in the place of another',
    (right) => ({
      async put(record, { replaces } = {}) {
        await right.put(record)
        if (replaces !== undefined) await right.remove(replaces)
      },
    }),
  ],
  'replaces in two steps': [
    'never shows both or neither of a record and the one in its place',
    (right) => ({
      async put(record, { replaces } = {}) {
        await right.put(record)
        await new Promise((resolve) => setTimeout(resolve, 1))
        if (replaces !== undefined && replaces !== record.id) await right.remove(replaces)
      },
    }),
  ],
  'fails for what is not there': [
    'removes a record, also one that is not there',
    (right) => ({
      async remove(id, options) {
        if ((await right.get(id)) === null) throw new Error('not there')
        await right.remove(id, options)
      },
    }),
  ],
  'removes somebody else’s': [
    'removes for a recipient what is theirs or nobody’s, and nothing else',
    (right) => ({ remove: (id) => right.remove(id) }),
  ],
  'takes any part of a tag': [
    'lists what fits everything that is set',
    (right) => ({
      async *list({ tag = '', ...filter } = {}) {
        for await (const one of right.list(filter)) {
          if (tag === '' || one.tags.join().includes(tag)) yield one
        }
      },
    }),
  ],
  'gives one page': [
    'lists each of many records once, whatever it is asked for',
    (right) => ({
      async *list(filter) {
        let place = 0
        for await (const one of right.list(filter)) if (place++ < 1000) yield one
      },
    }),
  ],
  'counts pages by how many were before': [
    'lists each record once while others come, change and go',
    (right) => ({
      async *list(filter) {
        for (let offset = 0; ; offset += 100) {
          const all: SubscriptionRecord[] = []
          for await (const one of right.list(filter)) all.push(one)
          const page = all.slice(offset, offset + 100)
          yield* page
          if (page.length < 100) return
        }
      },
    }),
  ],
  'gives what it has itself': [
    'keeps what it gave and got apart from what it has',
    (right) => {
      const own = new Map<string, SubscriptionRecord>()
      return {
        async put(record, options) {
          own.set(record.id, record)
          await right.put(record, options)
        },
        get: async (id) => ((await right.get(id)) ? (own.get(id) ?? null) : null),
      }
    },
  ],
}

describe('checkSubscriptionStore', () => {
  test('has nothing to say of a store that is right, and takes each down', async () => {
    let [opened, closed] = [0, 0]
    await checkSubscriptionStore(async () => {
      opened += 1
      return {
        store: createMemoryStore(),
        close: async () => {
          closed += 1
        },
      }
    })
    expect(opened).toBeGreaterThan(10)
    expect(closed).toBe(opened)
  })

  test.each(Object.entries(mistakes))('finds one that %s', async (_what, [promise, change]) => {
    const check = checkSubscriptionStore(async () => {
      const right = createMemoryStore()
      return { store: { ...right, ...change(right) } }
    })
    const error = await check.catch((reason: unknown) => reason as AggregateError)
    expect(error).toBeInstanceOf(AggregateError)
    expect(error?.message).toContain(`\n- ${promise}`)
    expect(error?.errors.length).toBeGreaterThan(0)
  })
})
