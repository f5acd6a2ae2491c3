import { describe, expect, test } from 'vitest'
import { drainOutbox, type DrainOptions } from '../../src/shared/drain-outbox.ts'
import { PushwellError } from '../../src/shared/errors.ts'
import { createMemoryRecords } from '../../src/shared/memory-records.ts'
import { holding } from '../../src/shared/outbox.ts'
import { type PutSubscriptionResponse, subscriptionId } from '../../src/shared/protocol.ts'
import type { RegistrationRecord } from '../../src/shared/registration-record.ts'
import { fakeKey } from '../client/fake-page-platform.ts'
import { createFakeLocks } from './fake-locks.ts'

const scope = 'https://app.example/'
const endpoint = (name: string) => `https://push.example/${name}`

const held = (name: string) => (record: RegistrationRecord) => {
  const keys = { p256dh: 'p256dh', auth: 'auth' }
  const data = { endpoint: endpoint(name), expirationTime: null, keys }
  return holding(record, { endpoint: endpoint(name), toJSON: () => data }, fakeKey(1), 0)
}

/** A record that holds one subscription, and a transport that notes what it is asked. */
async function start(
  answer: (call: string) => unknown = () => ({ status: 'ok' }),
  options: Partial<DrainOptions> = {},
) {
  const calls: string[] = []
  const call = async <Value>(text: string) => {
    calls.push(text)
    return (await answer(text)) as Value
  }
  const clock = { now: 1000 }
  const parts: DrainOptions = {
    records: createMemoryRecords(),
    transport: {
      put: ({ subscription, replaces = '' }) => call(`PUT ${subscription.endpoint} ${replaces}`),
      remove: (id, of) => call(`DELETE ${of} ${id}`),
    },
    timeoutMs: 5000,
    now: () => clock.now,
    random: () => 0.5,
    ...options,
  }
  await parts.records.update(scope, held('1'))
  return { calls, clock, parts, records: parts.records }
}

const put = (name: string, replaces = '') => `PUT ${endpoint(name)} ${replaces}`
const fails = (code: 'backend-failed' | 'backend-unauthorized', retryAfterMs?: number) => () =>
  Promise.reject(new PushwellError(code, 'no', { retryAfterMs }))

describe('draining', () => {
  test('does nothing for a registration of which nothing is known', async () => {
    const { calls, parts } = await start()
    expect(await drainOutbox('https://other.example/', 'load', parts)).toBeUndefined()
    expect(calls).toEqual([])
  })

  test('tells the backend everything in order, and the second time nothing', async () => {
    const { calls, parts, records } = await start()
    await records.update(scope, (record) => ({
      ...record,
      mayHold: [endpoint('a'), endpoint('b')],
    }))
    const record = await drainOutbox(scope, 'load', parts)
    expect(record?.mayHold).toEqual([endpoint('1')])
    const removal = `DELETE ${endpoint('b')} ${await subscriptionId(endpoint('b'))}`
    expect(calls).toEqual([put('1', endpoint('a')), removal])
    await drainOutbox(scope, 'load', parts)
    expect(calls).toHaveLength(2)
  })

  test('writes down that it tries before it does', async () => {
    let seen: Promise<RegistrationRecord | undefined> | undefined
    const { parts, records } = await start(() => {
      seen = records.get(scope)
      return { status: 'ok' }
    })
    await drainOutbox(scope, 'load', parts)
    expect((await seen)?.mayHold).toEqual([endpoint('1')])
  })

  test('sends what was decided while it was at it', async () => {
    const { calls, parts, records } = await start(async (call) => {
      if (call === put('1')) await records.update(scope, held('2'))
      return { status: 'ok' }
    })
    await drainOutbox(scope, 'load', parts)
    expect(calls).toEqual([put('1'), put('2', endpoint('1'))])
  })

  test('sends one heartbeat though the time between two is none', async () => {
    const { calls, clock, parts, records } = await start()
    await records.update(scope, (record) => ({ ...record, heartbeatMs: 0 }))
    await drainOutbox(scope, 'load', parts)
    clock.now += 1
    await drainOutbox(scope, 'load', parts)
    expect(calls).toEqual([put('1'), put('1')])
  })
})

describe('one drainer at a time', () => {
  test('sends each thing once, however many are called', async () => {
    const { calls, parts } = await start(undefined, { locks: createFakeLocks() })
    const reasons = ['load', 'focus', 'online', 'push', 'click'] as const
    await Promise.all(reasons.map((reason) => drainOutbox(scope, reason, parts)))
    expect(calls).toEqual([put('1')])
  })

  test('works while another registration’s drainer hangs', async () => {
    const hanging = await start(() => new Promise(() => undefined), { locks: createFakeLocks() })
    const other = 'https://app.example/other/'
    await hanging.records.update(other, held('2'))
    const lasting = drainOutbox(scope, 'load', { ...hanging.parts, timeoutMs: 100 })
    const transport = {
      put: () => Promise.resolve({ status: 'ok' as const }),
      remove: () => Promise.resolve(),
    }
    const record = await drainOutbox(other, 'load', { ...hanging.parts, transport })
    expect(record?.acknowledged).toBeDefined()
    await lasting
  })

  test('is waited for no longer than it may take; then its work is believed', async () => {
    const locks = createFakeLocks()
    const { calls, parts } = await start(undefined, { locks, timeoutMs: 10 })
    let release: () => void = () => undefined
    const lasting = locks.request(
      `pushwell-outbox ${scope}`,
      () => new Promise<void>((resolve) => (release = resolve)),
    )
    const record = await drainOutbox(scope, 'load', parts)
    expect(record).toMatchObject({ hold: { since: 0 } })
    expect(calls).toEqual([])
    release()
    await lasting
  })
})

describe('a failure', () => {
  test('ends the draining, is written down, and holds the next one back', async () => {
    const { calls, clock, parts, records } = await start(fails('backend-failed'))
    await records.update(scope, (record) => ({
      ...record,
      mayHold: [endpoint('a'), endpoint('b')],
    }))
    const record = await drainOutbox(scope, 'load', parts)
    expect(record).toMatchObject({
      mayHold: [endpoint('a'), endpoint('b'), endpoint('1')],
      retry: { code: 'backend-failed', attempts: 1, notBefore: 1000, nextTry: 2000 },
      failures: [{ code: 'backend-failed', at: 1000 }],
    })
    expect(calls).toHaveLength(1)
    clock.now = 1999
    await drainOutbox(scope, 'push', parts)
    expect(calls).toHaveLength(1)
    clock.now = 2000
    await drainOutbox(scope, 'push', parts)
    expect(calls).toHaveLength(2)
    expect(await records.get(scope)).toMatchObject({ retry: { attempts: 2, nextTry: 4000 } })
  })

  test('with Retry-After is not asked about before, not even by the user’s decision', async () => {
    const { calls, clock, parts } = await start(fails('backend-failed', 60_000))
    await drainOutbox(scope, 'change', parts)
    clock.now = 60_999
    await drainOutbox(scope, 'change', parts)
    await drainOutbox(scope, 'load', parts)
    expect(calls).toHaveLength(1)
    clock.now = 61_000
    await drainOutbox(scope, 'timer', parts)
    expect(calls).toHaveLength(2)
  })

  test('is forgotten with the backend’s next answer', async () => {
    let isDown = true
    const { parts } = await start(() => (isDown ? fails('backend-failed')() : { status: 'ok' }))
    await drainOutbox(scope, 'load', parts)
    isDown = false
    const record = await drainOutbox(scope, 'load', parts)
    expect(record?.retry).toBeUndefined()
    expect(record?.failures).toHaveLength(1)
  })

  test('leaves the last five in the record', async () => {
    const { clock, parts } = await start(fails('backend-failed'))
    for (clock.now = 1; clock.now <= 7; clock.now += 1) await drainOutbox(scope, 'load', parts)
    const record = await parts.records.get(scope)
    expect(record?.failures?.map(({ at }) => at)).toEqual([3, 4, 5, 6, 7])
  })

  test.each<[string, () => unknown]>([
    ['that hangs', () => new Promise(() => undefined)],
    ['that fails like fetch', () => Promise.reject(new TypeError('Failed to fetch'))],
    [
      'that throws at once',
      () => {
        throw new Error('thrown')
      },
    ],
    ['that rejects with nothing', () => Promise.reject()],
    ['that times out itself', () => Promise.reject(new PushwellError('timeout', 'late'))],
    ['that gives no answer at all', () => undefined],
  ])('of a transport %s means that the backend was not reached', async (_, answer) => {
    const { parts } = await start(answer, { timeoutMs: 10 })
    expect(await drainOutbox(scope, 'load', parts)).toMatchObject({
      retry: { code: 'backend-unreachable' },
      mayHold: [endpoint('1')],
    })
  })
})

describe('a key that the backend wants', () => {
  const rotate = (applicationServerKey: unknown) => () =>
    ({ status: 'rotate', applicationServerKey }) as PutSubscriptionResponse

  test('is kept, and its subscription acknowledged', async () => {
    const { parts } = await start(rotate(fakeKey(2)))
    const record = await drainOutbox(scope, 'load', parts)
    expect(record).toMatchObject({ rotateTo: fakeKey(2), acknowledged: { at: 1000 } })
  })

  test('is none when it is the subscription’s own', async () => {
    const { parts } = await start(rotate(fakeKey(1)))
    expect((await drainOutbox(scope, 'load', parts))?.rotateTo).toBeUndefined()
  })

  test('is wanted no more once the backend answers ok', async () => {
    const { parts, records } = await start()
    await records.update(scope, (record) => ({ ...record, rotateTo: fakeKey(2) }))
    expect((await drainOutbox(scope, 'load', parts))?.rotateTo).toBeUndefined()
  })

  test.each([
    ['nothing', undefined],
    ['an empty one', ''],
    ['one with padding', `${fakeKey(2)}=`],
    ['a number', 65],
    ['an object', { kty: 'EC' }],
  ])('that is %s is a failure of the backend, and never kept', async (_, key) => {
    const { parts } = await start(rotate(key))
    const record = await drainOutbox(scope, 'load', parts)
    expect(record?.retry?.code).toBe('backend-failed')
    expect(record?.rotateTo).toBeUndefined()
    expect(record?.acknowledged).toBeUndefined()
  })
})
