import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { addEntry, type InboxEntry } from '../../src/shared/inbox-entry.ts'

const entry = (id: string, at: number, until: number): InboxEntry => ({
  id,
  at,
  until,
  title: id,
  read: false,
  scope: 'https://app.example/',
  owner: '',
})

test('whatever arrives when, the newest stay, each once, in order, and none that is too old', () => {
  const arrival = fc.record({ id: fc.nat(20).map(String), at: fc.nat(1000), ageMs: fc.nat(500) })
  fc.assert(
    fc.property(
      fc.array(arrival, { maxLength: 60 }),
      fc.integer({ min: 1, max: 10 }),
      (all, keep) => {
        let entries: readonly InboxEntry[] = []
        for (const { id, at, ageMs } of all) {
          const before = entries
          entries = addEntry(entries, entry(id, at, at + 1 + ageMs), keep)
          expect(entries[0]?.id).toBe(id)
          expect(entries.length).toBeLessThanOrEqual(keep)
          expect(new Set(entries.map((one) => one.id)).size).toBe(entries.length)
          const moments = entries.map((one) => one.at)
          expect(moments).toEqual([...new Set(moments)].toSorted((a, b) => b - a))
          expect(entries.every(({ until }) => until > at)).toBe(true)
          // What is gone had to go.
          const gone = before.filter(
            (one) => !entries.includes(one) && one.id !== id && one.until > at,
          )
          if (gone.length > 0)
            expect(before.filter((one) => one.id !== id).length).toBeGreaterThanOrEqual(keep)
        }
      },
    ),
  )
})
