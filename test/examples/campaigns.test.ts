import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { CampaignRequest } from '../../examples/server/campaigns/campaign.ts'
import { startCampaignWorker } from '../../examples/server/campaigns/campaign-worker.ts'
import { cancelCampaign, createCampaign } from '../../examples/server/campaigns/create-campaign.ts'
import { batchQueue } from '../../examples/server/campaigns/job-queue.ts'
import { planCampaign } from '../../examples/server/campaigns/plan-campaign.ts'
import {
  BatchNotDone,
  sendBatch,
  type SendBatchOptions,
} from '../../examples/server/campaigns/send-batch.ts'
import type { Database } from '../../examples/server/database.ts'
import { messages } from '../../examples/server/messages.ts'
import {
  createPushSender,
  generateVapidKeys,
  type PushSender,
  type VapidKeys,
} from '../../src/server/index.ts'
import {
  type AddedSubscriptions,
  addSubscriptions,
  type CampaignWorld,
  createdCampaign,
  news,
  openCampaignWorld,
} from './campaign-world.ts'

const keys = await generateVapidKeys()
const base = 'https://push.example.net/'

const stack = new AsyncDisposableStack()
let world: CampaignWorld
/** What the push service was sent, in order, and what it answers by the name; 201 for the others. */
let sent: string[]
let answers: Record<string, () => Response | Promise<Response>>
let now: number

beforeAll(async () => {
  world = await openCampaignWorld(stack)
}, 60_000)
afterAll(() => stack.disposeAsync())

beforeEach(async () => {
  await world.database.query('DELETE FROM campaigns')
  await world.database.query('DELETE FROM subscriptions')
  await world.jobs.deleteAllJobs()
  sent = []
  answers = {}
  now = Date.now()
})

const createSender = (...pairs: [VapidKeys, ...VapidKeys[]]) =>
  createPushSender({
    vapid: { subject: 'mailto:ops@example.com', keys: pairs },
    messages,
    now: () => now,
    fetch: async (url) => {
      const name = url.slice(base.length + 2)
      sent.push(name)
      return answers[name]?.() ?? new Response(null, { status: 201 })
    },
  })

let sender: PushSender<typeof messages>
// One for each test: a push service that failed in one is left alone for a while.
beforeEach(() => {
  sender = createSender(keys)
})

const add = (count: number, owner: Omit<AddedSubscriptions, 'count'> = {}) =>
  addSubscriptions(world.database, base, keys.publicKey, { count, ...owner })

const numbersOf = (count: number, from = 0) =>
  Array.from({ length: count }, (_, index) => String(from + index)).sort()

/** Makes a campaign, plans it without a worker, and gives its batches. */
async function planned(change: Partial<CampaignRequest> = {}, batchSize = 4) {
  const id = await createdCampaign(world, change)
  await planCampaign(world, id, { batchSize, batchesAtATime: 2 })
  return { id, batches: await batchesOf(id) }
}

function batchesOf(id: string) {
  return world.database.query<{ number: number; planned: number; state: string }>(
    'SELECT * FROM campaign_batches WHERE campaign_id = $1 ORDER BY number',
    [id],
  )
}

async function stateOf(id: string): Promise<string | undefined> {
  const sql = 'SELECT state FROM campaigns WHERE id = $1'
  return (await world.database.query<{ state: string }>(sql, [id]))[0]?.state
}

async function rowsLeft(): Promise<number> {
  const sql = 'SELECT count(*)::integer AS count FROM subscriptions'
  return (await world.database.query<{ count: number }>(sql))[0]?.count ?? 0
}

/** How often subscriptions were tried, by what came of it. */
async function triesOf(id: string): Promise<Record<string, number[]>> {
  const rows = await world.database.query<{ reason: string; tries: number[] }>(
    `SELECT reason, array_agg(DISTINCT attempts) AS tries FROM deliveries
     WHERE campaign_id = $1 GROUP BY reason`,
    [id],
  )
  return Object.fromEntries(rows.map(({ reason, tries }) => [reason, tries]))
}

const send = (
  campaign: string,
  batch: number,
  attempt = 1,
  options: Partial<SendBatchOptions> = {},
) =>
  sendBatch(
    { campaign, batch, attempt },
    {
      database: world.database,
      sender,
      concurrency: 2,
      groupSize: 2,
      now: () => now,
      random: () => 0,
      ...options,
    },
  )

describe('a campaign is made once for a key', () => {
  test('however often it is asked for, and nothing else is under that key', async () => {
    const first = await createCampaign(world, 'one', news)
    expect(first).toMatchObject({ status: 'created' })
    expect(await createCampaign(world, 'one', news)).toEqual({ ...first, status: 'repeated' })
    const other = { ...news, notification: { title: 'Other' } }
    expect(await createCampaign(world, 'one', other)).toEqual({ status: 'conflict' })
    expect(await createCampaign(world, 'two', other)).toMatchObject({ status: 'created' })
  })
})

describe('planning', () => {
  test('puts each subscription of the audience into one batch', async () => {
    await add(21)
    const { id, batches } = await planned()
    expect(batches.map((batch) => batch.planned)).toEqual([4, 4, 4, 4, 4, 1])
    for (const { number } of batches) await send(id, number)
    expect(sent.sort()).toEqual(numbersOf(21))
    expect(await stateOf(id)).toBe('done')
  })

  test.each<[string, CampaignRequest['audience'], string[]]>([
    ['a tag', { tag: 'news' }, numbersOf(5, 10)],
    ['a recipient', { recipient: 'ada' }, numbersOf(3, 20)],
    ['a tag that nobody has', { tag: 'new' }, []],
  ])('takes those of %s alone', async (_what, audience, expected) => {
    await add(3)
    await add(5, { from: 10, tags: ['sport', 'news'] })
    await add(3, { from: 20, recipient: 'ada' })
    const { id, batches } = await planned({ audience }, 2)
    for (const { number } of batches) await send(id, number)
    expect(sent.sort()).toEqual(expected)
    expect(await stateOf(id)).toBe('done')
  })

  test('at several places at once makes each batch, and its job, once', async () => {
    await add(40)
    const id = await createdCampaign(world)
    const plan = () => planCampaign(world, id, { batchSize: 3, batchesAtATime: 2 })
    await Promise.all([plan(), plan(), plan()])
    const batches = await batchesOf(id)
    expect(batches.map(({ number }) => number)).toEqual(batches.map((_, index) => index + 1))
    expect(batches.reduce((sum, batch) => sum + batch.planned, 0)).toBe(40)
    expect(await world.jobs.findJobs(batchQueue)).toHaveLength(batches.length)
  })

  test('that was cut short before the jobs were made goes on from there', async () => {
    await add(9)
    const id = await createdCampaign(world)
    const cut = { insert: () => Promise.reject(new Error('died')) }
    const plan = (jobs: Pick<typeof world.jobs, 'insert'>) =>
      planCampaign({ ...world, jobs }, id, { batchSize: 3 })
    await expect(plan(cut)).rejects.toThrow('died')
    await plan(world.jobs)
    expect(await batchesOf(id)).toHaveLength(3)
    expect(await world.jobs.findJobs(batchQueue)).toHaveLength(3)
  })
})

describe('a batch', () => {
  test('counts what came of it, removes who is gone, and sends nothing twice', async () => {
    await add(6)
    answers = {
      0: () => new Response(null, { status: 410 }),
      1: () => new Response('no', { status: 403 }),
    }
    const { id } = await planned({}, 10)
    await send(id, 1)
    expect(await batchesOf(id)).toMatchObject([
      { state: 'done', planned: 6, accepted: 4, gone: 1, rejected: 1, failed: 0, expired: 0 },
    ])
    expect(await rowsLeft()).toBe(5)
    await send(id, 1, 2)
    expect(sent.sort()).toEqual(numbersOf(6))
  })

  test('that died is taken again, without those that were written down as accepted', async () => {
    await add(10)
    const { id } = await planned({}, 10)
    const dying = new AbortController()
    answers = Object.fromEntries(
      numbersOf(10).map((name) => [
        name,
        () => {
          if (sent.length === 6) dying.abort(new Error('died'))
          return new Response(null, { status: 201 })
        },
      ]),
    )
    await expect(send(id, 1, 1, { signal: dying.signal })).rejects.toThrow('died')
    const before = [...sent]
    expect(before.length).toBeLessThan(10)
    await send(id, 1, 2)
    expect(sent.sort()).toEqual(numbersOf(10))
    expect(await batchesOf(id)).toMatchObject([{ state: 'done', accepted: 10 }])
  })

  test('that a later attempt has taken is let go of', async () => {
    await add(20)
    const { id } = await planned({}, 20)
    answers = { 0: async () => new Response(null, { status: 201 }) }
    const takenOver = vi.fn(async () => {
      await world.database.query('UPDATE campaign_batches SET attempt = 2')
      return new Response(null, { status: 201 })
    })
    for (const name of numbersOf(20)) answers[name] = takenOver
    await send(id, 1)
    expect(sent.length).toBeLessThan(10)
    expect(await batchesOf(id)).toMatchObject([{ state: 'sending' }])
    await send(id, 1, 2)
    expect(sent.sort()).toEqual(numbersOf(20))
  })

  test('that another has taken while the process was stopped is begun no further', async () => {
    await add(20)
    const { id } = await planned({}, 20)
    const stopped = Promise.withResolvers<void>()
    const asked = Promise.withResolvers<void>()
    let first = true
    for (const name of numbersOf(20)) {
      answers[name] = async () => {
        if (first) {
          first = false
          asked.resolve()
          await stopped.promise
        }
        return new Response(null, { status: 201 })
      }
    }
    const paused = send(id, 1, 1, { groupSize: 1, concurrency: 1 })
    await asked.promise
    // As when the process is stopped here, and goes on after another has sent all.
    const other = createSender(keys)
    await send(id, 1, 2, { sender: other })
    expect(sent).toHaveLength(21)
    now += 20_000
    stopped.resolve()
    await paused
    expect(sent).toHaveLength(21)
    expect(await batchesOf(id)).toMatchObject([{ state: 'done', accepted: 20 }])
  })

  test('is left as it is when the database cannot say whose it is', async () => {
    await add(3)
    const { id } = await planned({}, 3)
    const { database } = world
    const broken: Database = {
      ...database,
      query: (sql, parameters) =>
        sql.startsWith('SELECT EXISTS')
          ? Promise.reject(new Error('gone'))
          : database.query(sql, parameters),
    }
    const slow = async () => {
      now += 20_000
      return new Response(null, { status: 201 })
    }
    answers = { 0: slow, 1: slow, 2: slow }
    const given = { database: broken, concurrency: 1 }
    await expect(send(id, 1, 1, given)).rejects.toThrow('gone')
    expect(sent).toHaveLength(1)
    await send(id, 1, 2)
    expect(sent.sort()).toEqual(numbersOf(3))
    expect(await batchesOf(id)).toMatchObject([{ state: 'done', accepted: 3 }])
  })

  test('is tried again for who could not be sent to, not before the time, and ends in the end', async () => {
    await add(3)
    answers = { 1: () => new Response(null, { status: 429, headers: { 'Retry-After': '60' } }) }
    const { id } = await planned()
    await expect(send(id, 1)).rejects.toThrow(BatchNotDone)
    await expect(send(id, 1, 2)).rejects.toThrow(BatchNotDone)
    expect(sent.filter((name) => name === '1')).toHaveLength(1)
    for (let attempt = 3; attempt < 20 && (await stateOf(id)) !== 'done'; attempt += 1) {
      now += 11 * 60_000
      await send(id, 1, attempt).catch((error: unknown) =>
        expect(error).toBeInstanceOf(BatchNotDone),
      )
    }
    expect(sent.filter((name) => name !== '1').sort()).toEqual(['0', '2'])
    expect(await batchesOf(id)).toMatchObject([
      { state: 'done', accepted: 2, failed: 0, expired: 1 },
    ])
  })

  test('sends to a service that comes back after half a day, within its time to live', async () => {
    await add(1)
    answers = { 0: () => new Response(null, { status: 503 }) }
    const { id } = await planned({ ttl: 24 * 3600 })
    for (let attempt = 1; attempt <= 72; attempt += 1) {
      await expect(send(id, 1, attempt)).rejects.toThrow(BatchNotDone)
      now += 10 * 60_000
    }
    expect(sent.length).toBeGreaterThan(60)
    answers = {}
    await send(id, 1, 73)
    expect(await batchesOf(id)).toMatchObject([{ state: 'done', accepted: 1, failed: 0 }])
  })

  test('counts nothing as tried while the push service is left alone', async () => {
    await add(30)
    for (const name of numbersOf(30)) answers[name] = () => new Response(null, { status: 503 })
    const { id } = await planned({}, 30)
    await expect(send(id, 1)).rejects.toThrow(BatchNotDone)
    expect(await triesOf(id)).toEqual({ resting: [0], 'service-failed': [1] })
  })

  test('waits for the key pair of who has subscribed with one that it does not know yet', async () => {
    const newer = await generateVapidKeys()
    await addSubscriptions(world.database, base, newer.publicKey, { count: 1 })
    const { id } = await planned()
    await expect(send(id, 1)).rejects.toThrow(BatchNotDone)
    now += 10_000
    await send(id, 1, 2, { sender: createSender(newer, keys) })
    expect(await batchesOf(id)).toMatchObject([{ state: 'done', accepted: 1, failed: 0 }])
  })

  test('tries again what failed for a reason that nobody thought of', async () => {
    await add(1)
    const { id } = await planned()
    const broken = { ...sender, send: () => Promise.reject(new Error('out of memory')) }
    await expect(send(id, 1, 1, { sender: broken })).rejects.toThrow(BatchNotDone)
    now += 10_000
    await send(id, 1, 2)
    expect(await batchesOf(id)).toMatchObject([{ state: 'done', accepted: 1, failed: 0 }])
  })

  test('does not wait for who unsubscribed before the next try', async () => {
    await add(2)
    answers = { 1: () => new Response(null, { status: 503 }) }
    const { id } = await planned()
    await expect(send(id, 1)).rejects.toThrow(BatchNotDone)
    await world.database.query('DELETE FROM subscriptions')
    await send(id, 1, 2)
    expect(await batchesOf(id)).toMatchObject([{ state: 'done', accepted: 1, gone: 1 }])
  })

  test('has no effect once the campaign is over', async () => {
    await add(3)
    const { id } = await planned({ ttl: 60 })
    now += 61_000
    await send(id, 1)
    expect(sent).toEqual([])
    expect(await batchesOf(id)).toMatchObject([{ state: 'done', accepted: 0, expired: 3 }])
    expect(await stateOf(id)).toBe('done')
  })

  test('stops when the campaign is cancelled, and writes down what was sent', async () => {
    await add(20)
    const { id } = await planned({}, 20)
    answers = Object.fromEntries(
      numbersOf(20).map((name) => [
        name,
        async () => {
          if (sent.length === 6) await cancelCampaign(world.database, id)
          return new Response(null, { status: 201 })
        },
      ]),
    )
    await send(id, 1)
    expect(sent.length).toBeLessThan(20)
    expect(await batchesOf(id)).toMatchObject([
      { state: 'done', accepted: sent.length, expired: 20 - sent.length },
    ])
    expect(await stateOf(id)).toBe('cancelled')
    expect(await cancelCampaign(world.database, id)).toBe(false)
  })

  test('counts as failed who cannot be sent to at all', async () => {
    await add(2)
    await world.database.query(
      `UPDATE subscriptions SET subscription = '{"endpoint":"http://169.254.169.254/"}'
       WHERE subscription->>'endpoint' LIKE '%0'`,
    )
    const { id } = await planned()
    await send(id, 1)
    expect(await batchesOf(id)).toMatchObject([{ state: 'done', accepted: 1, failed: 1 }])
  })
})

test('a worker takes a campaign from its making to its end', async () => {
  await add(30)
  const id = await createdCampaign(world)
  await startCampaignWorker({ ...world, sender: async () => sender, batchSize: 7 })
  await vi.waitFor(async () => expect(await stateOf(id)).toBe('done'), {
    timeout: 20_000,
    interval: 50,
  })
  expect(sent.sort()).toEqual(numbersOf(30))
}, 30_000)
