import { describe, expect, test } from 'vitest'
import type { PushServiceName } from '../../src/server/push-service-name.ts'
import { readOutcome, type SendOutcome } from '../../src/server/send-outcome.ts'

const endpoint =
  'https://push.example.net/wpush/v2/gAAAAABh-secret-token_0123456789?k=anotherLongSecret01'

interface Facts {
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly service?: PushServiceName
}

function outcome(
  httpStatus: number,
  { headers = {}, body = '', service }: Facts = {},
): SendOutcome {
  return readOutcome(
    { httpStatus, header: (name) => headers[name] ?? null, body },
    { id: 'id-1', endpoint, service, now: 0 },
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
    expect(outcome(201, { headers: { Location: location } })).toMatchObject({ location })
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
    expect(outcome(httpStatus, { headers: { 'Retry-After': '0' } })).toMatchObject({
      retryAfterMs: 0,
    })
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

describe('whose push service it was, and its own name for the reason', () => {
  test.each<[PushServiceName, number, Facts, object]>([
    [
      'apple',
      403,
      { body: '{"reason":"BadJwtToken"}' },
      { reason: 'unauthorized', code: 'BadJwtToken' },
    ],
    [
      'apple',
      400,
      { body: '{"reason":"VapidPkHashMismatch"}' },
      { reason: 'unauthorized', code: 'VapidPkHashMismatch' },
    ],
    ['apple', 400, { body: '{"reason":"BadTtl"}' }, { reason: 'bad-request', code: 'BadTtl' }],
    [
      'mozilla',
      401,
      { body: '{"code":401,"errno":109,"error":"Unauthorized","message":"Wrong key"}' },
      { reason: 'unauthorized', code: '109', detail: 'Wrong key' },
    ],
    ['fcm', 403, { body: 'invalid JWT provided\n' }, { detail: 'invalid JWT provided' }],
    [
      'wns',
      400,
      { headers: { 'X-WNS-Error-Description': 'Ttl value conflicts.' } },
      { reason: 'bad-request', detail: 'Ttl value conflicts.' },
    ],
  ])('%s, %i', (service, httpStatus, facts, expected) => {
    expect(outcome(httpStatus, { ...facts, service })).toMatchObject({
      status: 'rejected',
      service,
      ...expected,
    })
  })

  test('WNS says 406 for its rate limit', () => {
    expect(outcome(406, { service: 'wns' })).toMatchObject({ status: 'retry', service: 'wns' })
  })
})
