import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { forgetting, identifying, taggedWith } from '../../src/client/identity.ts'
import {
  afterAnswer,
  beforeRequest,
  holding,
  mayHoldAlso,
  nextRequest,
  type OutboxRequest,
} from '../../src/shared/outbox.ts'
import type { RegistrationRecord } from '../../src/shared/registration-record.ts'
import { createModelBackend } from './model-backend.ts'

const scope = 'https://app.example/'
const blank: RegistrationRecord = { scope, mayHold: [] }
const dayMs = 86_400_000

function subscription(name: string) {
  const endpoint = `https://push.example/${name}`
  const keys = { p256dh: 'p256dh', auth: 'auth' }
  return { endpoint, toJSON: () => ({ endpoint, expirationTime: null, keys }) }
}

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

/** What happens in a browser, in any order. */
type Step =
  | { readonly kind: 'subscribe'; readonly isNew: boolean }
  | { readonly kind: 'unsubscribe' | 'forget' | 'day' }
  | { readonly kind: 'identify'; readonly user: string; readonly tags?: readonly string[] }
  | { readonly kind: 'tag'; readonly add: string; readonly remove: string }
  | {
      readonly kind: 'drain'
      /** Which of its requests, from 0 on, something happens at. */
      readonly at: number
      readonly ends: 'before-writing' | 'before-sending' | 'answer-lost' | 'never'
      /** What is decided elsewhere meanwhile. */
      readonly meanwhile?: Decision | undefined
      readonly when: 'read' | 'under-way'
    }
type Decision = Exclude<Step, { kind: 'drain' }>
type Trouble = Extract<Step, { kind: 'drain' }>

/** One browser with one registration, and its backend. */
function createWorld() {
  const backend = createModelBackend()
  let record: RegistrationRecord = { ...blank, heartbeatMs: dayMs }
  let now = 1
  let made = 0
  let last: string | undefined
  /** Whom cookies name. The app signs in before it says so. */
  let session: string | null = null
  let requests = 0

  const decide = (step: Decision) => {
    if (step.kind === 'subscribe') {
      const before = record.hold ? mayHoldAlso(record, record.hold.subscription.endpoint) : record
      if (step.isNew || last === undefined) last = `${(made += 1)}`
      record = holding(before, subscription(last), 'key', now)
    } else if (step.kind === 'unsubscribe') {
      record = { ...record, hold: undefined }
    } else if (step.kind === 'forget') {
      session = null
      record = forgetting(record)
    } else if (step.kind === 'identify') {
      session = step.user
      record = identifying(step.user, step.tags ? { tags: step.tags } : {})(record)
    } else if (step.kind === 'tag') {
      record = taggedWith({ add: [step.add], remove: [step.remove] })(record)
    } else {
      now += dayMs
    }
  }

  const reachBackend = (request: OutboxRequest) => {
    requests += 1
    if (request.method === 'PUT') backend.put(request.body, session)
    else backend.remove(request.endpoint)
  }

  /** Drains as the client does, and dies where it is told to. */
  const drain = (trouble?: Trouble) => {
    const since = (now += 1)
    for (let index = 0; ; index += 1) {
      const request = nextRequest(record, now, since)
      if (!request) return
      const { ends, meanwhile, when }: Partial<Trouble> = trouble?.at === index ? trouble : {}
      if (meanwhile && when === 'read') decide(meanwhile)
      if (ends === 'before-writing') return
      record = beforeRequest(record, request)
      if (ends === 'before-sending') return
      reachBackend(request)
      if (meanwhile && when === 'under-way') decide(meanwhile)
      if (ends === 'answer-lost') return
      record = afterAnswer(record, request, now)
    }
  }

  return {
    backend,
    decide,
    drain,
    record: () => record,
    session: () => session,
    requests: () => requests,
  }
}

const tag = fc.constantFrom('a', 'b', 'c')
const decision: fc.Arbitrary<Decision> = fc.oneof(
  fc.record({ kind: fc.constant('subscribe'), isNew: fc.boolean() }),
  fc.record({ kind: fc.constantFrom('unsubscribe', 'forget', 'day') }),
  fc.record(
    {
      kind: fc.constant('identify'),
      user: fc.constantFrom('ann', 'bob'),
      tags: fc.uniqueArray(tag),
    },
    { requiredKeys: ['kind', 'user'] },
  ),
  fc.record({ kind: fc.constant('tag'), add: tag, remove: tag }),
) as fc.Arbitrary<Decision>
const step: fc.Arbitrary<Step> = fc.oneof(
  decision,
  fc.record({
    kind: fc.constant('drain' as const),
    at: fc.nat(2),
    ends: fc.constantFrom('before-writing', 'before-sending', 'answer-lost', 'never'),
    meanwhile: fc.option(decision, { nil: undefined }),
    when: fc.constantFrom('read', 'under-way'),
  }) as fc.Arbitrary<Step>,
)

describe('whatever was decided and wherever the browser died', () => {
  test('one undisturbed draining leaves the backend with the last decision, exactly once', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
        const world = createWorld()
        for (const it of steps) {
          if (it.kind === 'drain') world.drain(it)
          else world.decide(it)
        }
        world.drain()
        const { hold, tags = [] } = world.record()
        const rows = [...world.backend.rows.values()]
        const row = {
          endpoint: hold?.subscription.endpoint,
          applicationServerKey: 'key',
          owner: world.session(),
          tags,
        }
        expect(rows).toEqual(hold ? [row] : [])
        const before = world.requests()
        world.drain()
        expect(world.requests()).toBe(before)
      }),
      { numRuns: 3000 },
    )
  })

  test('decisions of which nothing was sent yet end in one request, or in none', () => {
    fc.assert(
      fc.property(fc.array(decision, { maxLength: 25 }), (decisions) => {
        const world = createWorld()
        for (const it of decisions) world.decide(it)
        world.drain()
        expect(world.requests()).toBe(world.record().hold ? 1 : 0)
      }),
      { numRuns: 1000 },
    )
  })
})
