import { afterAll, beforeAll, expect, test } from 'vitest'
import { planCampaign } from '../../examples/server/campaigns/plan-campaign.ts'
import { sweep } from '../../examples/server/sweep.ts'
import {
  addSubscriptions,
  type CampaignWorld,
  createdCampaign,
  openCampaignWorld,
} from './campaign-world.ts'

const stack = new AsyncDisposableStack()
let world: CampaignWorld
beforeAll(async () => {
  world = await openCampaignWorld(stack)
}, 60_000)
afterAll(() => stack.disposeAsync())

const day = 24 * 60 * 60_000
const now = 1_800_000_000_000

async function countOf(table: string): Promise<number> {
  const sql = `SELECT count(*)::integer AS count FROM ${table}`
  return (await world.database.query<{ count: number }>(sql))[0]?.count ?? 0
}

test('a device that was not heard of for a year is removed, and no other', async () => {
  const { database } = world
  await addSubscriptions(database, 'https://push.example.net/', 'key', { count: 25 })
  const seen = now - 365 * day
  await database.query('UPDATE subscriptions SET updated_at = $1', [seen - 1])
  const kept = `UPDATE subscriptions SET updated_at = $1 WHERE subscription->>'endpoint' LIKE '%4'`
  await database.query(kept, [seen])
  await sweep(database, { now, rows: 10 })
  expect(await countOf('subscriptions')).toBe(3)
})

test('of a campaign that ended long ago the sums are kept alone', async () => {
  const { database } = world
  const ended: readonly (readonly [string, number])[] = [
    ['done', 91],
    ['sending', 91],
    ['done', 89],
  ]
  for (const [state, days] of ended) {
    const id = await createdCampaign(world)
    await planCampaign(world, id, { batchSize: 3 })
    await database.query('UPDATE campaigns SET finished_at = $2 WHERE id = $1', [
      id,
      now - days * day,
    ])
    await database.query('UPDATE campaign_batches SET state = $2 WHERE campaign_id = $1', [
      id,
      state,
    ])
    await database.query(
      `INSERT INTO deliveries SELECT $1, 1, i::text, 'accepted', null, 1, null, 0
       FROM generate_series(1, 12) AS i`,
      [id],
    )
  }
  await database.query(
    `INSERT INTO receipts SELECT id, 'shown', 'ada', i, null
     FROM campaigns, generate_series(1, 12) AS i`,
  )
  const batches = await countOf('campaign_batches')
  await sweep(database, { now, rows: 5 })
  expect(await countOf('deliveries')).toBe(24)
  expect(await countOf('receipts')).toBe(12)
  expect(await countOf('campaign_batches')).toBe(batches)
})
