import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { inGroups } from '../../examples/server/campaigns/in-groups.ts'
import { inParallel } from '../../examples/server/campaigns/in-parallel.ts'
import { nextTry } from '../../examples/server/campaigns/next-try.ts'

describe('the next try', () => {
  const whole = { min: 0, max: 10 ** 9 }

  test('is never before the push service allows it, and within ten minutes otherwise', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 40_000 }),
        fc.integer(whole),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        fc.option(fc.integer(whole), { nil: undefined }),
        (tries, now, random, retryAfterMs) => {
          const wait = nextTry(tries, { now, random, retryAfterMs }) - now
          expect(wait).toBeGreaterThanOrEqual(Math.max(1000, retryAfterMs ?? 0))
          expect(wait).toBeLessThanOrEqual(Math.max(600_000, retryAfterMs ?? 0))
        },
      ),
    )
  })

  test('comes later each time, up to ten minutes, and there is always one', () => {
    const waits = Array.from({ length: 12 }, (_, index) =>
      nextTry(index + 1, { now: 0, random: 0 }),
    )
    expect(waits.slice(0, 4)).toEqual([2000, 4000, 8000, 16_000])
    expect(waits.slice(9)).toEqual([600_000, 600_000, 600_000])
  })
})

describe('work in parallel', () => {
  test('is done once for each, never more at a time than asked for, and not ahead of who takes it', async () => {
    let [running, most, started] = [0, 0, 0]
    const results = inParallel(
      Array.from({ length: 50 }, (_, index) => index),
      4,
      async (item) => {
        started += 1
        running += 1
        most = Math.max(most, running)
        await new Promise((resolve) => setImmediate(resolve))
        running -= 1
        return item
      },
    )
    const first = await results.next()
    expect(started).toBe(4)
    const rest = await Array.fromAsync(results)
    expect([first.value, ...rest].sort((a, b) => Number(a) - Number(b))).toEqual(
      Array.from({ length: 50 }, (_, index) => index),
    )
    expect(most).toBe(4)
  })
})

describe('groups', () => {
  async function* comesAtOnce(count: number) {
    for (let index = 0; index < count; index += 1) yield index
  }

  test('have the size asked for, but for the last', async () => {
    const groups = await Array.fromAsync(inGroups(comesAtOnce(7), { size: 3, waitMs: 10_000 }))
    expect(groups).toEqual([[0, 1, 2], [3, 4, 5], [6]])
    expect(await Array.fromAsync(inGroups(comesAtOnce(0), { size: 3, waitMs: 1 }))).toEqual([])
  })

  test('do not wait for long for what does not come', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const slow = (async function* () {
      yield 'first'
      await promise
      yield 'second'
    })()
    const groups = inGroups(slow, { size: 3, waitMs: 1 })
    expect((await groups.next()).value).toEqual(['first'])
    resolve()
    expect((await groups.next()).value).toEqual(['second'])
    expect((await groups.next()).done).toBe(true)
  })
})
