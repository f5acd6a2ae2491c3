import { describe, expect, test } from 'vitest'
import {
  afterAnswer,
  beforeRequest,
  holding,
  mayHoldAlso,
  nextRequest,
  type OutboxRequest,
} from '../../src/shared/outbox.ts'
import type { RegistrationRecord } from '../../src/shared/registration-record.ts'
import { blank, dayMs, subscription } from './held-subscription.ts'

const endpoint = (name: string) => subscription(name).endpoint

const held = (record: RegistrationRecord, name: string) =>
  holding(record, subscription(name), 'key', 0)

/** Answers whatever is next, and gives the record after it. */
function acknowledge(record: RegistrationRecord, now = 0): RegistrationRecord {
  const request = nextRequest(record, now, now)
  if (!request) throw new Error('Nothing is left to be told.')
  return afterAnswer(beforeRequest(record, request), request, now)
}

/** What a request says, in short. */
function short(request: OutboxRequest | null) {
  if (request?.method !== 'PUT') return request
  const { body } = request
  return { method: 'PUT', endpoint: body.subscription.endpoint, replaces: body.replaces }
}

describe('what the backend is told next', () => {
  test('is nothing while there is nothing to hold', () => {
    expect(nextRequest(blank, 0, 0)).toBeNull()
  })

  test('is a PUT with all that it shall hold', () => {
    const client = { sdk: 'pushwell/0', language: 'de' }
    const record = held({ ...blank, tags: ['a'], recipient: 'user', client }, '1')
    expect(nextRequest(record, 0, 0)).toMatchObject({
      method: 'PUT',
      body: {
        version: 1,
        subscription: subscription('1').toJSON(),
        applicationServerKey: 'key',
        tags: ['a'],
        client,
      },
    })
  })

  test.each([
    [undefined, undefined],
    ['user', undefined],
    [null, true],
  ])('says of the recipient %s that somebody has signed out: %s', (recipient, signedOut) => {
    const request = nextRequest(held({ ...blank, recipient }, '1'), 0, 0)
    expect(request?.method === 'PUT' && request.body.signedOut).toBe(signedOut)
  })

  test('is nothing once it has acknowledged', () => {
    expect(nextRequest(acknowledge(held(blank, '1')), 0, 0)).toBeNull()
  })

  test.each<[string, Partial<RegistrationRecord>]>([
    ['another user', { recipient: 'other' }],
    ['a sign-out', { recipient: null }],
    ['other tags', { tags: ['b'] }],
    ['another language', { client: { sdk: 'pushwell/0', language: 'fr' } }],
  ])('is a PUT again after %s', (_, change) => {
    const known = acknowledge(held({ ...blank, recipient: 'user', tags: ['a'] }, '1'))
    expect(short(nextRequest({ ...known, ...change }, 0, 0))).toEqual({
      method: 'PUT',
      endpoint: endpoint('1'),
    })
  })

  test('replaces the endpoint that it may hold, and removes any more of them', () => {
    const record = held({ ...blank, mayHold: [endpoint('1'), endpoint('2')] }, '3')
    expect(short(nextRequest(record, 0, 0))).toEqual({
      method: 'PUT',
      endpoint: endpoint('3'),
      replaces: endpoint('1'),
    })
    const replaced = acknowledge(record)
    expect(nextRequest(replaced, 0, 0)).toEqual({ method: 'DELETE', endpoint: endpoint('2') })
    expect(nextRequest(acknowledge(replaced), 0, 0)).toBeNull()
  })

  test('is a heartbeat once it is due, once in a draining', () => {
    const known = { ...acknowledge(held(blank, '1'), 1000), heartbeatMs: dayMs }
    expect(nextRequest(known, 999 + dayMs, 999 + dayMs)).toBeNull()
    expect(nextRequest(known, 1000 + dayMs, 1000 + dayMs)?.method).toBe('PUT')
    expect(nextRequest({ ...known, heartbeatMs: 0 }, 1000, 1000)).toBeNull()
  })
})

describe('a record', () => {
  test('keeps an endpoint from before it is sent until its removal is acknowledged', () => {
    const record = held(blank, '1')
    const put = nextRequest(record, 0, 0) as OutboxRequest
    const sent = beforeRequest(record, put)
    expect(sent.mayHold).toEqual([endpoint('1')])
    const off = { ...sent, hold: undefined }
    const remove = nextRequest(off, 0, 0) as OutboxRequest
    expect(remove).toEqual({ method: 'DELETE', endpoint: endpoint('1') })
    expect(beforeRequest(off, remove).mayHold).toEqual([endpoint('1')])
    expect(afterAnswer(off, remove, 0).mayHold).toEqual([])
  })

  test('lets go of what held the backend back once that has answered', () => {
    const retry = { code: 'backend-failed', attempts: 3, notBefore: 0, nextTry: 0 } as const
    expect(acknowledge({ ...held(blank, '1'), retry }).retry).toBeUndefined()
  })

  test('that changed while a request was under way is told again', () => {
    const record = held({ ...blank, tags: ['a'] }, '1')
    const request = nextRequest(record, 0, 0) as OutboxRequest
    const changed = { ...beforeRequest(record, request), tags: ['b'] }
    const next = nextRequest(afterAnswer(changed, request, 0), 0, 0)
    expect(next?.method === 'PUT' && next.body.tags).toEqual(['b'])
  })

  test('that changed and changed back around a lost answer is told again', () => {
    const known = acknowledge(held({ ...blank, tags: ['a'] }, '1'))
    const changed = { ...known, tags: ['b'] }
    const lost = beforeRequest(changed, nextRequest(changed, 0, 0) as OutboxRequest)
    const next = nextRequest({ ...lost, tags: ['a'] }, 0, 0)
    expect(next?.method === 'PUT' && next.body.tags).toEqual(['a'])
  })

  test('that holds an endpoint again whose removal may have been done is told again', () => {
    const off = { ...acknowledge(held(blank, '1')), hold: undefined }
    const lost = beforeRequest(off, nextRequest(off, 0, 0) as OutboxRequest)
    expect(short(nextRequest(held(lost, '1'), 0, 0))).toEqual({
      method: 'PUT',
      endpoint: endpoint('1'),
    })
  })

  test('keeps the subscription that it holds, with its age', () => {
    const record = held(blank, '1')
    expect(holding(record, subscription('1'), 'key', 5)).toBe(record)
    expect(holding(record, subscription('2'), 'key', 5).hold?.since).toBe(5)
  })

  test('adds what others may have told the backend, once, and not what it holds', () => {
    const record = held(blank, '1')
    expect(mayHoldAlso(record, endpoint('1'))).toBe(record)
    const added = mayHoldAlso(mayHoldAlso(record, endpoint('2')), endpoint('2'))
    expect(added.mayHold).toEqual([endpoint('2')])
  })
})
