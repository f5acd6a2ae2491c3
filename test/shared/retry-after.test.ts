import { expect, test } from 'vitest'
import { parseRetryAfter } from '../../src/shared/retry-after.ts'

const now = Date.parse('2026-01-01T00:00:00Z')

test.each([
  ['0', 0],
  ['120', 120_000],
  ['Thu, 01 Jan 2026 00:00:30 GMT', 30_000],
  ['Wed, 31 Dec 2025 23:00:00 GMT', 0],
  [null, undefined],
  ['', undefined],
  ['-5', undefined],
  ['1.5', undefined],
  ['1e3', undefined],
  ['soon', undefined],
  ['soon GMT', undefined],
  ['99999999999999999999', undefined],
])('Retry-After %o is %o', (header, expected) => {
  expect(parseRetryAfter(header, now)).toBe(expected)
})
