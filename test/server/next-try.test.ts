import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { nextTry } from '../../src/server/next-try.ts'
import type { SendOutcome } from '../../src/server/send-outcome.ts'

const busy: SendOutcome = { status: 'retry', reason: 'service-failed' }
const state = { tries: 1, attempts: 4, now: 0, expiresAt: 1e9, random: 0.5 }

describe('nextTry', () => {
  test('waits by chance, up to a bound that doubles', () => {
    const waits = [1, 2, 3].map((tries) => nextTry(busy, { ...state, tries, random: 1 }))
    expect(waits).toEqual([1000, 2000, 4000])
    expect(nextTry(busy, { ...state, random: 0 })).toBe(0)
  })

  test('waits at least as long as the push service asks for', () => {
    expect(nextTry({ ...busy, retryAfterMs: 7000 }, state)).toBe(7500)
  })

  test.each<[string, SendOutcome, object]>([
    ['an outcome that waiting does not help', { status: 'gone', httpStatus: 410 }, {}],
    ['tries that are used up', busy, { tries: 4 }],
    ['a time to live that would be over', { ...busy, retryAfterMs: 5000 }, { expiresAt: 5000 }],
    ['a message for now or never', busy, { expiresAt: 0 }],
    ['a wait of hours', { ...busy, retryAfterMs: 7_200_000 }, {}],
  ])('ends at %s', (_what, outcome, change) => {
    expect(nextTry(outcome, { ...state, ...change })).toBeUndefined()
  })

  test('never leads past the time to live', () => {
    fc.assert(
      fc.property(
        fc.nat(1e6),
        fc.nat(1e6),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.nat(1e6),
        (now, left, random, retryAfterMs) => {
          const waitMs = nextTry(
            { ...busy, retryAfterMs },
            { ...state, now, expiresAt: now + left, random, attempts: 9 },
          )
          if (waitMs === undefined) return
          expect(now + waitMs).toBeLessThan(now + left)
          expect(waitMs).toBeGreaterThanOrEqual(retryAfterMs)
        },
      ),
    )
  })
})
