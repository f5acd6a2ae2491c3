import { describe, expect, test } from 'vitest'
import { readOutcome, type SendOutcome } from '../../src/server/send-outcome.ts'

const endpoint =
  'https://push.example.net/wpush/v2/gAAAAABh-secret-token_0123456789?k=anotherLongSecret01'

function outcome(httpStatus: number, facts: object = {}): SendOutcome {
  return readOutcome(
    { httpStatus, retryAfter: null, location: null, body: '', ...facts },
    { id: 'id-1', endpoint, now: 0 },
  )
}

function detail(body: string): string | undefined {
  const result = outcome(400, { body })
  return result.status === 'rejected' ? result.detail : expect.unreachable()
}

describe('readOutcome', () => {
  test.each([200, 201, 202, 204])('%i is accepted', (httpStatus) => {
    expect(outcome(httpStatus)).toEqual({ status: 'accepted', id: 'id-1', httpStatus })
  })

  test('keeps where the message is', () => {
    const location = 'https://push.example.net/m/1'
    expect(outcome(201, { location })).toMatchObject({ location })
  })

  test.each([404, 410])('%i is gone', (httpStatus) => {
    expect(outcome(httpStatus)).toEqual({ status: 'gone', httpStatus })
  })

  test.each([
    [429, 'rate-limited'],
    [406, 'rate-limited'],
    [408, 'service-failed'],
    [500, 'service-failed'],
    [502, 'service-failed'],
    [503, 'service-failed'],
  ])('%i is to be tried again: %s', (httpStatus, reason) => {
    expect(outcome(httpStatus)).toEqual({ status: 'retry', httpStatus, reason })
    expect(outcome(httpStatus, { retryAfter: '0' })).toMatchObject({ retryAfterMs: 0 })
  })

  test.each([
    [0, 'redirected'],
    [302, 'redirected'],
    [307, 'redirected'],
    [400, 'bad-request'],
    [401, 'unauthorized'],
    [403, 'unauthorized'],
    [405, 'refused'],
    [413, 'too-large'],
    [418, 'refused'],
  ])('%i is rejected: %s', (httpStatus, reason) => {
    expect(outcome(httpStatus)).toEqual({ status: 'rejected', httpStatus, reason })
  })
})

describe('the detail of a rejection', () => {
  test.each([
    ['{"reason":"BadJwtToken"}', 'BadJwtToken'],
    ['{"code":401,"errno":109,"error":"Unauthorized","message":"Wrong key"}', 'Wrong key'],
    ['{"error":{"code":400,"message":"Bad topic"}}', 'Bad topic'],
    ['{"error":"Bad topic"}', 'Bad topic'],
    ['  invalid JWT provided\n', 'invalid JWT provided'],
    ['null', 'null'],
    ['', undefined],
  ])('of %o is %o', (body, expected) => {
    expect(detail(body)).toBe(expected)
  })

  test('is at most 300 characters', () => {
    expect(detail('no '.repeat(1000))).toHaveLength(300)
  })

  test('does not hold the endpoint, whole or in its longer parts', () => {
    for (const body of [
      `Cannot deliver to ${endpoint} today`,
      'No such token: gAAAAABh-secret-token_0123456789',
      'Bad k anotherLongSecret01',
      JSON.stringify({ message: `${endpoint} is no more` }),
    ]) {
      expect(detail(body)).toMatch(/…/)
      expect(detail(body)).not.toMatch(/secret|anotherLong/i)
    }
  })
})
