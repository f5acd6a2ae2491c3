import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createPushSender as createPortable, generateVapidKeys } from '../../src/server/index.ts'
import type {
  PushRequest,
  PushResponse,
  PushSender,
  PushSenderOptions,
  PushSubscriptionData,
  SendProgress,
  SendResult,
  SendTarget,
} from '../../src/server/index.ts'
import { createPushSender as createForNode } from '../../src/server-node/index.ts'
import { createFakeBrowser } from './fake-browser.ts'

const vapid = { subject: 'mailto:ops@example.com', ...(await generateVapidKeys()) }
const message = { notification: { title: 'To all' } }
const created: PushResponse = { httpStatus: 201, header: () => null, body: '' }

function answer(httpStatus: number, headers: Readonly<Record<string, string>> = {}): PushResponse {
  return { httpStatus, header: (name) => headers[name] ?? null, body: '' }
}

function subscriptionAt(index: number, host = 'push.example.net'): PushSubscriptionData {
  return createFakeBrowser(`https://${host}/p/${index}`).subscription
}

function indexOf({ endpoint }: { readonly endpoint: string }): number {
  return Number(endpoint.split('/').at(-1))
}

async function collect<Target extends SendTarget>(
  results: AsyncIterable<SendResult<Target>>,
): Promise<SendResult<Target>[]> {
  const all: SendResult<Target>[] = []
  for await (const result of results) all.push(result)
  return all
}

const senders: ReadonlyArray<readonly [string, (options: PushSenderOptions) => PushSender]> = [
  ['the portable sender', createPortable],
  ['the sender for Node', createForNode],
]

describe.each(senders)('%s sends to all', (_name, create) => {
  const requests: PushRequest[] = []
  let respond: (request: PushRequest) => PushResponse | Promise<PushResponse>

  function createSender(options: Partial<PushSenderOptions> = {}): PushSender {
    const transport = async (request: PushRequest): Promise<PushResponse> => {
      requests.push(request)
      return respond(request)
    }
    return create({ vapid, transport, ...options })
  }

  beforeEach(() => {
    requests.length = 0
    respond = () => created
  })
  afterEach(() => vi.useRealTimers())

  test('of any iterable, and gives each target back with its outcome', async () => {
    respond = ({ endpoint }) => answer(indexOf({ endpoint }) === 1 ? 410 : 201)
    const targets = [0, 1, 2].map((index) => ({
      name: `n${index}`,
      subscription: subscriptionAt(index),
    }))
    async function* slowly() {
      for (const target of targets) {
        await Promise.resolve()
        yield target
      }
    }
    for (const source of [targets, new Set(targets), slowly()]) {
      const results = await collect(createSender().sendAll(source, message))
      const statuses = results.map(({ target, outcome }) => `${target.name} ${outcome.status}`)
      expect(statuses.sort()).toEqual(['n0 accepted', 'n1 gone', 'n2 accepted'])
    }
  })

  test('nobody, when there is nobody', async () => {
    const onProgress = vi.fn<(progress: SendProgress) => void>()
    expect(await collect(createSender().sendAll([], message, { onProgress }))).toEqual([])
    expect(onProgress).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ done: 0 }))
  })

  test('one message under one id, which each browser alone can read', async () => {
    const browsers = [0, 1].map((index) => createFakeBrowser(`https://push.example.net/p/${index}`))
    const sent = createSender().sendAll(
      browsers.map(({ subscription }) => subscription),
      message,
    )
    const results = await collect(sent)
    const ids = results.map(({ outcome }) => 'id' in outcome && outcome.id)
    expect(new Set(ids).size).toBe(1)
    for (const { endpoint, body } of requests) {
      const read = browsers[indexOf({ endpoint })]?.decrypt(body ?? new Uint8Array()) ?? ''
      expect(JSON.parse(read)).toMatchObject({
        notification: { title: 'To all' },
        pushwell: { id: ids[0] },
      })
    }
  })

  test('a message of their own, from a function', async () => {
    const browsers = [0, 1].map((index) => createFakeBrowser(`https://push.example.net/p/${index}`))
    const targets = browsers.map(({ subscription }, index) => ({ subscription, index }))
    await collect(createSender().sendAll(targets, ({ index }) => ({ payload: `for ${index}` })))
    for (const { endpoint, body } of requests) {
      const index = indexOf({ endpoint })
      expect(browsers[index]?.decrypt(body ?? new Uint8Array())).toBe(`for ${index}`)
    }
    expect(requests).toHaveLength(2)
  })

  test('with the pair that each subscription was made with', async () => {
    const old = await generateVapidKeys()
    const sender = createSender({ vapid: { subject: vapid.subject, keys: [vapid, old] } })
    const targets = [vapid, old].map(({ publicKey }, index) => ({
      subscription: subscriptionAt(index),
      applicationServerKey: publicKey,
    }))
    await collect(sender.sendAll(targets, message))
    const keys = requests.map(
      ({ endpoint, headers }) =>
        `${indexOf({ endpoint })} ${headers['Authorization']?.split('k=')[1]}`,
    )
    expect(keys.sort()).toEqual([`0 ${vapid.publicKey}`, `1 ${old.publicKey}`])
  })

  test('what is wrong with one subscription is its outcome alone', async () => {
    const good = subscriptionAt(0)
    const targets = [
      null,
      { endpoint: 'nowhere' },
      { ...good, keys: { ...good.keys, p256dh: `BA${'A'.repeat(85)}` } },
      { ...good, endpoint: 'https://127.0.0.1/p/1' },
      { subscription: good, applicationServerKey: (await generateVapidKeys()).publicKey },
      good,
    ] as SendTarget[]
    const results = await collect(createSender().sendAll(targets, message))
    const outcomes = targets.map(
      (target) => results.find((result) => result.target === target)?.outcome,
    )
    const invalid = { status: 'rejected', reason: 'invalid-subscription' }
    expect(outcomes).toMatchObject([
      invalid,
      invalid,
      invalid,
      { status: 'rejected', reason: 'endpoint-refused' },
      invalid,
      { status: 'accepted' },
    ])
    expect(requests).toHaveLength(1)
  })

  test('no more than so many at a time, and reads no further ahead', async () => {
    let read = 0
    let most = 0
    let underWay = 0
    respond = async () => {
      most = Math.max(most, (underWay += 1))
      await new Promise((resolve) => setImmediate(resolve))
      underWay -= 1
      return created
    }
    function* endless() {
      for (;;) yield subscriptionAt(read++)
    }
    const results = createSender().sendAll(endless(), message, { concurrency: 4 })
    for (let taken = 1; taken <= 20; taken++) {
      await results.next()
      expect(read).toBeLessThanOrEqual(taken + 8)
    }
    await results.return()
    expect(most).toBeGreaterThan(1)
    expect(most).toBeLessThanOrEqual(4)
  })

  test('stops reading, and ends what is under way, once nobody takes results', async () => {
    let isClosed = false
    let aborted = 0
    respond = ({ endpoint, signal }) =>
      indexOf({ endpoint }) === 0
        ? created
        : new Promise((_, reject) => {
            signal?.addEventListener('abort', () => {
              aborted += 1
              reject(signal.reason as Error)
            })
          })
    function* endless() {
      try {
        for (let index = 0; ; index++) yield subscriptionAt(index)
      } finally {
        isClosed = true
      }
    }
    for await (const { outcome } of createSender().sendAll(endless(), message, {
      concurrency: 5,
    })) {
      expect(outcome.status).toBe('accepted')
      await expect.poll(() => requests.length).toBeGreaterThan(2)
      break
    }
    await expect.poll(() => aborted).toBeGreaterThan(0)
    expect(isClosed).toBe(true)
  })

  test('throws the signal’s reason, also while all wait', async () => {
    const controller = new AbortController()
    respond = ({ signal }) =>
      new Promise((_, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason as Error))
        controller.abort(new Error('enough'))
      })
    const { signal } = controller
    const targets = [0, 1, 2].map((index) => subscriptionAt(index))
    await expect(collect(createSender().sendAll(targets, message, { signal }))).rejects.toThrow(
      'enough',
    )
    await expect(collect(createSender().sendAll(targets, message, { signal }))).rejects.toThrow(
      'enough',
    )
  })

  test('throws for a message that is none, and what the source throws', async () => {
    const wrong = { notification: { title: 5 } } as never
    await expect(collect(createSender().sendAll([subscriptionAt(0)], wrong))).rejects.toMatchObject(
      { code: 'invalid-message' },
    )
    function* broken() {
      yield subscriptionAt(0)
      throw new Error('the database is gone')
    }
    await expect(collect(createSender().sendAll(broken(), message))).rejects.toThrow('database')
    expect(() => createSender().sendAll([], message, { concurrency: 0 })).toThrow('concurrency')
    expect(() => createSender().sendAll([], message, { attempts: 0.5 })).toThrow('attempts')
  })

  test('gives the outcomes of all that it sent before it throws what the source threw', async () => {
    respond = async () => {
      await new Promise((resolve) => setImmediate(resolve))
      return created
    }
    function* broken() {
      for (let index = 0; index < 20; index++) yield subscriptionAt(index)
      throw new Error('the database is gone')
    }
    async function* brokenLater() {
      yield* broken()
    }
    for (const source of [broken(), brokenLater()]) {
      requests.length = 0
      const outcomes: string[] = []
      const reports: SendProgress[] = []
      const sending = async (): Promise<void> => {
        const onProgress = (progress: SendProgress): void => void reports.push(progress)
        for await (const { outcome } of createSender().sendAll(source, message, { onProgress })) {
          outcomes.push(outcome.status)
        }
      }
      await expect(sending()).rejects.toThrow('database')
      expect(outcomes).toEqual(Array(20).fill('accepted'))
      expect(requests).toHaveLength(20)
      expect(reports.at(-1)).toMatchObject({ done: 20, accepted: 20 })
    }
  })

  test('gives the outcomes that are known before it throws the signal’s reason', async () => {
    const controller = new AbortController()
    const { signal } = controller
    const reports: SendProgress[] = []
    const onProgress = (progress: SendProgress): void => void reports.push(progress)
    let answered = 0
    respond = () => {
      answered += 1
      return created
    }
    const targets = Array.from({ length: 30 }, (_, index) => subscriptionAt(index))
    const options = { signal, onProgress, concurrency: 5 }
    let taken = 0
    const sending = async (): Promise<void> => {
      for await (const { outcome } of createSender().sendAll(targets, message, options)) {
        expect(outcome.status).toBe('accepted')
        if (++taken > 1) continue
        await expect.poll(() => answered).toBeGreaterThanOrEqual(5)
        await new Promise((resolve) => setImmediate(resolve))
        controller.abort(new Error('enough'))
      }
    }
    await expect(sending()).rejects.toThrow('enough')
    expect(taken).toBeGreaterThanOrEqual(5)
    expect(reports.at(-1)?.done).toBe(taken)
  })

  test('a message of their own that is too large is the outcome of that target alone', async () => {
    const targets = [0, 1, 2].map((index) => ({ subscription: subscriptionAt(index), index }))
    const tooLarge = { payload: 'x'.repeat(5000) }
    const own = ({ index }: { readonly index: number }) => (index === 1 ? tooLarge : message)
    const results = await collect(createSender().sendAll(targets, own))
    const outcomes = targets.map((target) => results.find((given) => given.target === target))
    expect(outcomes).toMatchObject([
      { outcome: { status: 'accepted' } },
      { outcome: { status: 'rejected', reason: 'too-large' } },
      { outcome: { status: 'accepted' } },
    ])
    await expect(collect(createSender().sendAll(targets, tooLarge))).rejects.toMatchObject({
      code: 'message-too-large',
    })
  })

  test('gives all outcomes before it throws what onProgress threw', async () => {
    let now = 0
    const targets = Array.from({ length: 30 }, (_, index) => subscriptionAt(index))
    const onProgress = ({ done }: SendProgress): void => {
      throw new Error(`the page is gone at ${done}`)
    }
    const statuses: string[] = []
    const sender = createSender({ now: () => (now += 300) })
    const sending = async (): Promise<void> => {
      for await (const { outcome } of sender.sendAll(targets, message, { onProgress })) {
        statuses.push(outcome.status)
      }
    }
    await expect(sending()).rejects.toThrow('the page is gone at 1')
    expect(statuses).toEqual(Array(30).fill('accepted'))
  })

  test('does all but the request in a dry run', async () => {
    const targets = [subscriptionAt(0), { endpoint: 'nowhere' } as PushSubscriptionData]
    const reports: SendProgress[] = []
    const results = await collect(
      createSender().sendAll(targets, message, {
        dryRun: true,
        onProgress: (progress) => reports.push(progress),
      }),
    )
    expect(results.map(({ outcome }) => outcome.status).sort()).toEqual(['checked', 'rejected'])
    expect(reports.at(-1)).toMatchObject({ done: 2, checked: 1, rejected: 1, accepted: 0 })
    expect(requests).toHaveLength(0)
  })

  test('reports counts that only grow, and all of them at the end', async () => {
    let now = 0
    respond = ({ endpoint }) => answer(indexOf({ endpoint }) % 3 === 0 ? 410 : 201)
    const reports: SendProgress[] = []
    const targets = Array.from({ length: 30 }, (_, index) => subscriptionAt(index))
    const onProgress = (progress: SendProgress): void => void reports.push(progress)
    const sender = createSender({ now: () => (now += 40) })
    await collect(sender.sendAll(targets, message, { onProgress }))
    expect(reports.length).toBeGreaterThan(2)
    expect(reports.map(({ done }) => done)).toEqual(
      reports.map(({ done }) => done).sort((one, other) => one - other),
    )
    expect(reports.at(-1)).toMatchObject({ done: 30, accepted: 20, gone: 10, retry: 0 })
    expect(reports[0]?.perSecond).toBeGreaterThan(0)
  })

  describe('and tries again', () => {
    test('what may work later, with the same body, until it does', async () => {
      let fails = 2
      respond = () => (fails-- > 0 ? answer(503, { 'Retry-After': '0' }) : created)
      const results = await collect(createSender().sendAll([subscriptionAt(0)], message))
      expect(results[0]?.outcome.status).toBe('accepted')
      expect(requests).toHaveLength(3)
      expect(
        new Set(requests.map(({ body }) => Buffer.from(body ?? []).toString('hex'))).size,
      ).toBe(1)
    })

    test('four times by default, and then says so', async () => {
      respond = () => answer(500)
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
      const results = collect(createSender().sendAll([subscriptionAt(0)], message))
      await vi.waitFor(async () => {
        await vi.advanceTimersByTimeAsync(10_000)
        expect(requests).toHaveLength(4)
      })
      expect((await results)[0]?.outcome).toMatchObject({ status: 'retry', httpStatus: 500 })
    })

    test('while others go on in its place', async () => {
      respond = ({ endpoint }) =>
        indexOf({ endpoint }) === 0 ? answer(429, { 'Retry-After': '60' }) : created
      const controller = new AbortController()
      const { signal } = controller
      const targets = Array.from({ length: 5 }, (_, index) => subscriptionAt(index))
      const results = createSender().sendAll(targets, message, { concurrency: 1, signal })
      for (let time = 0; time < 4; time++) {
        expect((await results.next()).value).toMatchObject({ outcome: { status: 'accepted' } })
      }
      controller.abort(new Error('enough'))
      await expect(results.next()).rejects.toThrow('enough')
    })

    test('all of a long list after an outage, and reads no further meanwhile', async () => {
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
      const start = Date.now()
      respond = () => answer(Date.now() - start < 1000 ? 503 : 201)
      const known = subscriptionAt(0)
      let read = 0
      function* many() {
        for (; read < 1500; read++) {
          yield { ...known, endpoint: `https://push.example.net/p/${read}` }
        }
      }
      const results = collect(createSender().sendAll(many(), message))
      await vi.waitFor(() => expect(read).toBeGreaterThan(1000))
      await vi.advanceTimersByTimeAsync(20_000)
      expect(read).toBeLessThanOrEqual(1100)
      await vi.advanceTimersByTimeAsync(15_000)
      await vi.waitFor(() => expect(read).toBe(1500))
      const statuses = (await results).map(({ outcome }) => outcome.status)
      expect(statuses).toEqual(Array(1500).fill('accepted'))
      // Those that had failed before the rest, and one for each.
      expect(requests.length).toBeLessThan(1700)
    })
  })
})
