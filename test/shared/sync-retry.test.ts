import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { PushwellError, type PushwellErrorCode } from '../../src/shared/errors.ts'
import type { SyncRetry } from '../../src/shared/registration-record.ts'
import { type DrainReason, mayTry, retryAfter } from '../../src/shared/sync-retry.ts'

const failure = (code: PushwellErrorCode, retryAfterMs?: number) =>
  new PushwellError(code, 'no', { retryAfterMs })

const hourMs = 3_600_000

/** The pause after so many failures before it, drawn at `random`. */
function pause(before: number, random: number, retryAfterMs?: number) {
  const retry = { code: 'backend-failed', attempts: before, notBefore: 0, nextTry: 0 } as const
  return retryAfter(failure('backend-failed', retryAfterMs), { retry }, 0, random).nextTry
}

describe('the pause after a failure', () => {
  test.each<[number, number]>([
    [1, 2000],
    [2, 4000],
    [3, 8000],
    [11, 2_048_000],
    [12, hourMs],
    [2000, hourMs],
  ])('number %i is drawn from up to %i ms', (attempt, span) => {
    expect(pause(attempt - 1, 0)).toBe(0)
    expect(pause(attempt - 1, 0.25)).toBe(span / 4)
    expect(pause(attempt - 1, 1)).toBe(span)
  })

  test('never ends before Retry-After, spans wider each time, and is at most an hour by itself', () => {
    const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
    fc.assert(
      fc.property(
        fc.nat(100),
        random,
        fc.nat(10 * hourMs),
        fc.nat(),
        (before, drawn, waitMs, now) => {
          const retry = {
            code: 'backend-failed',
            attempts: before,
            notBefore: 0,
            nextTry: 0,
          } as const
          const next = retryAfter(failure('backend-failed', waitMs), { retry }, now, drawn)
          expect(next.notBefore).toBe(now + waitMs)
          expect(next.nextTry).toBeGreaterThanOrEqual(next.notBefore)
          expect(next.nextTry).toBeLessThanOrEqual(now + Math.max(waitMs, hourMs))
          expect(next.attempts).toBe(before + 1)
          expect(pause(before + 1, 1)).toBeGreaterThanOrEqual(pause(before, 1))
        },
      ),
    )
  })

  test('starts anew with the first failure after a success', () => {
    const retry = retryAfter(failure('backend-unreachable'), {}, 5, 0.5)
    expect(retry).toEqual({
      code: 'backend-unreachable',
      attempts: 1,
      notBefore: 5,
      nextTry: 1005,
    })
  })
})

describe('who may try again, and when', () => {
  const reasons: readonly DrainReason[] = [
    'change',
    'load',
    'online',
    'sync',
    'focus',
    'push',
    'click',
    'timer',
  ]
  const able = (retry: SyncRetry | undefined, now: number) =>
    reasons.filter((reason) => mayTry(retry, reason, now))
  const withReason = ['change', 'load', 'online', 'sync']

  test('without a failure, everybody', () => {
    expect(able(undefined, 0)).toEqual(reasons)
  })

  test('after a failure, who has a reason at once, and the others after the pause', () => {
    const retry = retryAfter(failure('backend-failed'), {}, 1000, 0.5)
    expect(able(retry, 1000)).toEqual(withReason)
    expect(able(retry, 1999)).toEqual(withReason)
    expect(able(retry, 2000)).toEqual(reasons)
  })

  test('after Retry-After, nobody before', () => {
    const retry = retryAfter(failure('backend-failed', 10_000), {}, 1000, 0.5)
    expect(able(retry, 10_999)).toEqual([])
    expect(able(retry, 11_000)).toEqual(reasons)
  })

  test('after a Retry-After of decades, everybody a day later', () => {
    const day = 86_400_000
    const retry = retryAfter(failure('backend-failed', 30 * 365 * day), {}, 1000, 0.5)
    expect(able(retry, 999 + day)).toEqual([])
    expect(able(retry, 1000 + day)).toEqual(reasons)
  })

  test('once the clock was set back by more than a day, everybody', () => {
    const day = 86_400_000
    const retry = retryAfter(failure('backend-failed', day), {}, 10 * day, 0.5)
    expect(able(retry, 10 * day)).toEqual([])
    expect(able(retry, 10 * day - 1)).toEqual(reasons)
    expect(able(retry, 0)).toEqual(reasons)
  })

  test.each(['user', null])(
    'after 401 with the recipient %s, nobody but a sign-in',
    (recipient) => {
      const retry = retryAfter(failure('backend-unauthorized'), { recipient }, 1000, 0)
      expect(able(retry, Number.MAX_SAFE_INTEGER)).toEqual([])
    },
  )

  test('after 401 in an app that tells of no sign-ins, who has a reason', () => {
    const retry = retryAfter(failure('backend-unauthorized'), {}, 1000, 0)
    expect(able(retry, 1000)).toEqual(withReason)
    expect(able(retry, Number.MAX_SAFE_INTEGER)).toEqual(withReason)
  })
})
