import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { foldGroup, type GroupMember } from '../../sw/fold-group.ts'

const item = (number: number) => ({
  id: `m${number}`,
  title: `${number}`,
  tag: `t${number}`,
  at: number,
})
const single = (number: number): GroupMember => ({ item: item(number) })
const nothing = () => false
const idsOf = (items: readonly { readonly id?: string | undefined }[]) => items.map(({ id }) => id)

test('each message counts once, in the order in which they were sent', () => {
  const { count, items } = foldGroup([3, 1, 2, 3].map(single), nothing)
  expect([count, idsOf(items)]).toEqual([3, ['m1', 'm2', 'm3']])
})

test('of more than fifty the last are there one by one, and all are counted', () => {
  let folded = foldGroup([], nothing)
  for (let number = 1; number <= 120; number++) {
    folded = foldGroup([{ item: item(number - 1), folded }, single(number)], nothing)
  }
  expect(folded.count).toBe(120)
  expect(idsOf(folded.items)).toEqual(Array.from({ length: 50 }, (_, index) => `m${index + 71}`))
})

test('whatever is added, folded, delivered again or read elsewhere, in whatever order, is counted right', () => {
  const step = fc.record({
    message: fc.nat(30),
    /** How many of what was shown apart are folded with it. */
    folds: fc.boolean(),
    read: fc.array(fc.nat(30), { maxLength: 3 }),
    /** Whether the browser still lists what was folded before. */
    lags: fc.boolean(),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const model = new Set<number>()
      let screen: GroupMember[] = []
      for (const { message, folds, read, lags } of steps) {
        for (const number of read) model.delete(number)
        const isGone = ({ tag }: { tag?: string | undefined }) =>
          read.some((number) => tag === `t${number}`)
        if (read.includes(message)) model.delete(message)
        else model.add(message)
        const left = screen.filter((member) => member.folded || !isGone(member.item))
        const folded = foldGroup([...left, single(message)], isGone)
        expect(idsOf(folded.items)).toEqual(
          [...model].toSorted((a, b) => a - b).map((number) => `m${number}`),
        )
        expect(folded.count).toBe(model.size)
        const summary = { item: item(message), folded }
        // What is folded once stays so, as the notification that stands for it.
        const before = screen.filter((member) => member.folded)
        screen =
          folds || before.length > 0 ? [...(lags ? before : []), summary] : [...model].map(single)
      }
    }),
  )
})
