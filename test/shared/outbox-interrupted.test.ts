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
import { blank, dayMs, subscription } from './held-subscription.ts'
import { createModelBackend } from './model-backend.ts'

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
