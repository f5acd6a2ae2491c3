import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { createMessageStore } from '../../../src/testing/push-service/message-store.ts'
import type { MessageDraft } from '../../../src/testing/push-service/service-message.ts'

const limits = { pendingPerEndpoint: 1000, pending: 10_000, settled: 1000 }
const endpointNames = ['a', 'b']

function draft(id: string, endpoint: string, receivedAt: number, ttl = 10, topic?: string) {
  const base: MessageDraft = { id, endpoint, ttl, headers: {}, body: new Uint8Array(), receivedAt }
  return topic === undefined ? base : { ...base, topic }
}

const endpoint = fc.constantFrom(...endpointNames)
const step = fc.oneof(
  fc.record({
    do: fc.constant('put' as const),
    endpoint,
    ttl: fc.integer({ min: 0, max: 5 }),
    topic: fc.option(fc.constantFrom('x', 'y'), { nil: undefined }),
  }),
  fc.record({ do: fc.constant('deliver' as const), endpoint }),
  fc.record({ do: fc.constant('drop' as const), endpoint }),
  fc.record({
    do: fc.constantFrom('settle' as const, 'cancel' as const),
    index: fc.nat(20),
    code: fc.constantFrom(100, 101, 102, 301),
  }),
  fc.record({ do: fc.constant('wait' as const), seconds: fc.integer({ min: 0, max: 4 }) }),
)

/** What the store must hold, kept the simplest way there is. */
interface Expected {
  endpoint: string
  topic: string | undefined
  expiresAt: number
  isPending: boolean
  isUnderWay: boolean
  wasTaken: boolean
  wasSent: boolean
}

test('nothing unacknowledged and unexpired is lost, and nothing acknowledged is sent again', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
      const store = createMessageStore(limits)
      const model = new Map<string, Expected>()
      let now = 0
      const expire = () => {
        store.expire(now)
        for (const message of model.values()) {
          if (!message.isUnderWay && message.expiresAt <= now) message.isPending = false
        }
      }
      for (const action of steps) {
        if (action.do === 'put') {
          for (const message of model.values()) {
            const isSame = message.endpoint === action.endpoint && message.topic === action.topic
            if (isSame && action.topic !== undefined) message.isPending = message.isUnderWay = false
          }
          const id = String(model.size)
          store.put(draft(id, action.endpoint, now, action.ttl, action.topic))
          model.set(id, {
            endpoint: action.endpoint,
            topic: action.topic,
            expiresAt: now + action.ttl * 1000,
            isPending: true,
            isUnderWay: false,
            wasTaken: false,
            wasSent: false,
          })
        } else if (action.do === 'deliver') {
          expire()
          const due = [...model].filter(
            ([, message]) =>
              message.endpoint === action.endpoint && message.isPending && !message.isUnderWay,
          )
          expect(store.queued(action.endpoint).map(({ id }) => id)).toEqual(due.map(([id]) => id))
          for (const [id, message] of due) {
            expect(message.wasTaken).toBe(false)
            store.markSent(id)
            message.isUnderWay = message.wasSent = true
          }
        } else if (action.do === 'drop') {
          store.requeue(action.endpoint)
          for (const message of model.values()) {
            if (message.endpoint === action.endpoint) message.isUnderWay = false
          }
        } else if (action.do === 'wait') {
          now += action.seconds * 1000
        } else {
          const id = String(action.index)
          const message = model.get(id)
          if (action.do === 'cancel') store.cancel(id)
          else store.settle(id, action.code)
          if (message && (action.do === 'cancel' || message.wasSent)) {
            message.isPending = message.isUnderWay = false
            if (action.do === 'settle') message.wasTaken = true
          }
        }
      }
      const pending = store.messages.filter(({ status }) => /queued|sent/.test(status))
      const expected = [...model].filter(([, message]) => message.isPending)
      expect(pending.map(({ id }) => id)).toEqual(expected.map(([id]) => id))
      expect(store.messages).toHaveLength(model.size)
    }),
    { numRuns: 500 },
  )
})

test('settled messages beyond the limit are forgotten oldest first, pending ones never', () => {
  const store = createMessageStore({ ...limits, settled: 2 })
  for (const id of ['1', '2', '3', '4']) store.put(draft(id, 'a', 0))
  for (const id of ['2', '3', '4']) store.cancel(id)
  expect(store.messages.map(({ id }) => id)).toEqual(['1', '3', '4'])
})

test('a message that was never sent cannot be acknowledged', () => {
  const store = createMessageStore(limits)
  store.put(draft('1', 'a', 0))
  expect(store.settle('1', 100)).toEqual([])
  expect(store.settle('unknown', 100)).toEqual([])
  expect(store.queued('a')).toHaveLength(1)
})

test('an endpoint is full when its own queue is, whatever waits elsewhere', () => {
  const store = createMessageStore({ ...limits, pendingPerEndpoint: 1 })
  store.put(draft('1', 'a', 0))
  expect([store.isFull('a'), store.isFull('b')]).toEqual([true, false])
  store.cancel('1')
  expect(store.isFull('a')).toBe(false)
})

test('all endpoints together are full when as many messages wait as may', () => {
  const store = createMessageStore({ ...limits, pending: 2 })
  store.put(draft('1', 'a', 0))
  store.put(draft('2', 'b', 0))
  expect(store.isFull('c')).toBe(true)
  store.markSent('1')
  expect(store.isFull('c')).toBe(true)
  store.settle('1', 100)
  store.settle('1', 100)
  expect(store.isFull('c')).toBe(false)
  store.put(draft('3', 'b', 0))
  expect(store.isFull('c')).toBe(true)
})

test('every change gives the records that it changed', () => {
  const store = createMessageStore(limits)
  store.put(draft('1', 'a', 0, 10, 't'))
  const changed = store.put(draft('2', 'a', 0, 10, 't'))
  expect(changed.map(({ id, status }) => [id, status])).toEqual([
    ['1', 'replaced'],
    ['2', 'queued'],
  ])
  expect(store.markSent('2')[0]).toMatchObject({ status: 'sent', deliveries: 1 })
  expect(store.expire(99_999)).toEqual([])
  expect(store.requeue('a')[0]).toMatchObject({ status: 'queued', deliveries: 1 })
  expect(store.expire(10_000)[0]).toMatchObject({ id: '2', status: 'expired' })
  expect(store.settle('2', 100)[0]).toMatchObject({ status: 'acknowledged', code: 100 })
})
