import type { PgBoss } from 'pg-boss'
import type { CampaignRequest } from '../../examples/server/campaigns/campaign.ts'
import { createCampaign } from '../../examples/server/campaigns/create-campaign.ts'
import { openJobQueue } from '../../examples/server/campaigns/job-queue.ts'
import { type Database, openDatabase } from '../../examples/server/database.ts'
import { migrate } from '../../examples/server/migrations.ts'
import { subscriptionId } from '../../src/shared/protocol.ts'
import type { PushSubscriptionData } from '../../src/shared/subscription.ts'
import { createFakeBrowser } from '../server/fake-browser.ts'

/** A backend's database with the queues of its campaigns. */
export interface CampaignWorld {
  readonly database: Database
  readonly jobs: PgBoss
}

/** Opens one; it is closed with the stack. */
export async function openCampaignWorld(
  stack: AsyncDisposableStack,
  where = 'memory:',
): Promise<CampaignWorld> {
  const database = stack.adopt(await openDatabase(where), (opened) => opened.close())
  await migrate(database)
  const jobs = await openJobQueue(database, {
    supervise: true,
    onError: (error) => {
      throw error
    },
  })
  stack.defer(() => jobs.stop({ graceful: false }))
  return { database, jobs }
}

/** What campaigns are tried with. */
export const news: CampaignRequest = {
  audience: { all: true },
  notification: { title: 'News' },
  ttl: 3600,
  urgency: 'normal',
}

/** Makes a campaign. @returns Its id. */
export async function createdCampaign(
  world: CampaignWorld,
  change: Partial<CampaignRequest> = {},
): Promise<string> {
  const result = await createCampaign(world, crypto.randomUUID(), { ...news, ...change })
  if (result.status !== 'created') throw new Error(`The campaign is ${result.status}.`)
  return result.id
}

/** Which subscriptions are put into a database. */
export interface AddedSubscriptions {
  readonly from?: number
  readonly count: number
  readonly recipient?: string | null
  readonly tags?: readonly string[]
  /** All have these. */
  readonly keys?: PushSubscriptionData['keys']
}

/**
 * Puts subscriptions into a database: `${base}p/0`, `${base}p/1` …
 *
 * @returns Their ids, in that order.
 */
export async function addSubscriptions(
  database: Database,
  base: string,
  applicationServerKey: string,
  {
    from = 0,
    count,
    recipient = null,
    tags = [],
    keys = createFakeBrowser(base).subscription.keys,
  }: AddedSubscriptions,
): Promise<string[]> {
  const names = Array.from({ length: count }, (_, index) => `${base}p/${from + index}`)
  const ids = await Promise.all(names.map(subscriptionId))
  for (let start = 0; start < count; start += 10_000) {
    await database.query(
      `INSERT INTO subscriptions
       SELECT id, jsonb_build_object('endpoint', endpoint, 'expirationTime', null, 'keys', $3::jsonb),
         $4, $5, $6, '{"sdk":"test"}', 0, 0
       FROM unnest($1::text[], $2::text[]) AS named (id, endpoint)`,
      [
        ids.slice(start, start + 10_000),
        names.slice(start, start + 10_000),
        JSON.stringify(keys),
        applicationServerKey,
        recipient,
        tags,
      ],
    )
  }
  return ids
}
