import { beforeEach, describe, expect, test, vi } from 'vitest'
import {
  generateVapidKeys,
  type PushSubscriptionData,
  type SendProgress,
  type SendTarget,
} from '../../src/server/index.ts'
import { senders, vapid } from './both-senders.ts'
import { createFakeBrowser } from './fake-browser.ts'
import {
  answer,
  collect,
  created,
  createSendAllWorld,
  indexOf,
  message,
  type SendAllWorld,
  subscriptionAt,
} from './send-all-world.ts'

describe.each(senders)('%s sends to all', (_name, createPushSender) => {
  let world: SendAllWorld

  beforeEach(() => {
    world = createSendAllWorld(createPushSender)
  })

  test('of any iterable, and gives each target back with its outcome', async () => {
    world.respond = ({ endpoint }) => answer(indexOf({ endpoint }) === 1 ? 410 : 201)
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
      const results = await collect(world.createSender().sendAll(source, message))
      const statuses = results.map(({ target, outcome }) => `${target.name} ${outcome.status}`)
      expect(statuses.sort()).toEqual(['n0 accepted', 'n1 gone', 'n2 accepted'])
    }
  })

  test('nobody, when there is nobody', async () => {
    const onProgress = vi.fn<(progress: SendProgress) => void>()
    expect(await collect(world.createSender().sendAll([], message, { onProgress }))).toEqual([])
    expect(onProgress).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ done: 0 }))
  })

  test('one message under one id, which each browser alone can read', async () => {
    const browsers = [0, 1].map((index) => createFakeBrowser(`https://push.example.net/p/${index}`))
    const sent = world.createSender().sendAll(
      browsers.map(({ subscription }) => subscription),
      message,
    )
    const results = await collect(sent)
    const ids = results.map(({ outcome }) => 'id' in outcome && outcome.id)
    expect(new Set(ids).size).toBe(1)
    for (const { endpoint, body } of world.requests) {
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
    await collect(
      world.createSender().sendAll(targets, ({ index }) => ({ payload: `for ${index}` })),
    )
    for (const { endpoint, body } of world.requests) {
      const index = indexOf({ endpoint })
      expect(browsers[index]?.decrypt(body ?? new Uint8Array())).toBe(`for ${index}`)
    }
    expect(world.requests).toHaveLength(2)
  })

  test('with the pair that each subscription was made with', async () => {
    const old = await generateVapidKeys()
    const sender = world.createSender({ vapid: { subject: vapid.subject, keys: [vapid, old] } })
    const targets = [vapid, old].map(({ publicKey }, index) => ({
      subscription: subscriptionAt(index),
      applicationServerKey: publicKey,
    }))
    await collect(sender.sendAll(targets, message))
    const keys = world.requests.map(
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
    const results = await collect(world.createSender().sendAll(targets, message))
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
    expect(world.requests).toHaveLength(1)
  })

  test('no more than so many at a time, and reads no further ahead', async () => {
    let read = 0
    let most = 0
    let underWay = 0
    world.respond = async () => {
      most = Math.max(most, (underWay += 1))
      await new Promise((resolve) => setImmediate(resolve))
      underWay -= 1
      return created
    }
    function* endless() {
      for (;;) yield subscriptionAt(read++)
    }
    const results = world.createSender().sendAll(endless(), message, { concurrency: 4 })
    for (let taken = 1; taken <= 20; taken++) {
      await results.next()
      expect(read).toBeLessThanOrEqual(taken + 8)
    }
    await results.return()
    expect(most).toBeGreaterThan(1)
    expect(most).toBeLessThanOrEqual(4)
  })

  test('a message of their own that is too large is the outcome of that target alone', async () => {
    const targets = [0, 1, 2].map((index) => ({ subscription: subscriptionAt(index), index }))
    const tooLarge = { payload: 'x'.repeat(5000) }
    const own = ({ index }: { readonly index: number }) => (index === 1 ? tooLarge : message)
    const results = await collect(world.createSender().sendAll(targets, own))
    const outcomes = targets.map((target) => results.find((given) => given.target === target))
    expect(outcomes).toMatchObject([
      { outcome: { status: 'accepted' } },
      { outcome: { status: 'rejected', reason: 'too-large' } },
      { outcome: { status: 'accepted' } },
    ])
    await expect(collect(world.createSender().sendAll(targets, tooLarge))).rejects.toMatchObject({
      code: 'message-too-large',
    })
  })

  test('does all but the request in a dry run', async () => {
    const targets = [subscriptionAt(0), { endpoint: 'nowhere' } as PushSubscriptionData]
    const reports: SendProgress[] = []
    const results = await collect(
      world.createSender().sendAll(targets, message, {
        dryRun: true,
        onProgress: (progress) => reports.push(progress),
      }),
    )
    expect(results.map(({ outcome }) => outcome.status).sort()).toEqual(['checked', 'rejected'])
    expect(reports.at(-1)).toMatchObject({ done: 2, checked: 1, rejected: 1, accepted: 0 })
    expect(world.requests).toHaveLength(0)
  })

  test('reports counts that only grow, and all of them at the end', async () => {
    let now = 0
    world.respond = ({ endpoint }) => answer(indexOf({ endpoint }) % 3 === 0 ? 410 : 201)
    const reports: SendProgress[] = []
    const targets = Array.from({ length: 30 }, (_, index) => subscriptionAt(index))
    const onProgress = (progress: SendProgress): void => void reports.push(progress)
    const sender = world.createSender({ now: () => (now += 40) })
    await collect(sender.sendAll(targets, message, { onProgress }))
    expect(reports.length).toBeGreaterThan(2)
    expect(reports.map(({ done }) => done)).toEqual(
      reports.map(({ done }) => done).sort((one, other) => one - other),
    )
    expect(reports.at(-1)).toMatchObject({ done: 30, accepted: 20, gone: 10, retry: 0 })
    expect(reports[0]?.perSecond).toBeGreaterThan(0)
  })
})
