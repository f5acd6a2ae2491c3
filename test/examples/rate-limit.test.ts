import { expect, test } from 'vitest'
import { createRateLimit } from '../../examples/server/rate-limit.ts'

test('who comes often waits, for as long as it says, and nobody else does', () => {
  let now = 0
  const waitOf = createRateLimit({ burst: 3, perSecond: 2, now: () => now })
  expect(Array.from({ length: 5 }, () => waitOf('often'))).toEqual([0, 0, 0, 500, 500])
  expect(waitOf('once')).toBe(0)
  now += 499
  expect(waitOf('often')).toBe(1)
  now += 1
  expect(waitOf('often')).toBe(0)
  expect(waitOf('often')).toBe(500)
  now += 60_000
  expect(Array.from({ length: 4 }, () => waitOf('often'))).toEqual([0, 0, 0, 500])
})

test('only the newest are remembered', () => {
  const waitOf = createRateLimit({ burst: 1, perSecond: 1, most: 2, now: () => 0 })
  expect(['a', 'b', 'b', 'c', 'a', 'c'].map(waitOf)).toEqual([0, 0, 1000, 0, 0, 1000])
})
