import type { PgBoss } from 'pg-boss'
import type { Database } from '../database.ts'
import { audienceFilter } from './audience-filter.ts'
import type { CampaignRequest, CampaignState } from './campaign.ts'
import { finishCampaign } from './finish-campaign.ts'
import { type BatchJob, batchQueue } from './job-queue.ts'

/** How a campaign is cut up. */
export interface PlanOptions {
  /** How many subscriptions a batch has. */
  readonly batchSize: number
  /** How many batches are planned at a time. */
  readonly batchesAtATime?: number
  /** Ends the planning between two steps; the job is then taken again. */
  readonly signal?: AbortSignal
}

interface PlannedCampaign {
  readonly request: CampaignRequest
  readonly state: CampaignState
  readonly planned_through: string
}

/**
 * Cuts a campaign's audience into batches, each a range of subscription ids and a job. Any number of
 * processes may do it at once, and each may die at any point: how far it is planned is written down
 * in the same statement as the batches, by the first of them.
 */
export async function planCampaign(
  { database, jobs }: { readonly database: Database; readonly jobs: Pick<PgBoss, 'insert'> },
  id: string,
  { batchSize, batchesAtATime = 100, signal }: PlanOptions,
): Promise<void> {
  for (;;) {
    signal?.throwIfAborted()
    // Before the next ones are planned: whoever planned the last ones may have died before this.
    await addJobs(database, jobs, id, batchesAtATime)
    const [campaign] = await database.query<PlannedCampaign>(
      'SELECT request, state, planned_through FROM campaigns WHERE id = $1',
      [id],
    )
    if (campaign?.state !== 'planning') break
    await planStep(database, id, campaign, { batchSize, batchesAtATime })
  }
  await finishCampaign(database, id)
}

async function planStep(
  database: Database,
  id: string,
  { request, planned_through: from }: PlannedCampaign,
  { batchSize, batchesAtATime }: { readonly batchSize: number; readonly batchesAtATime: number },
): Promise<void> {
  const { sql, value } = audienceFilter(request.audience, '$3')
  const ranges = await database.query<{ through: string; planned: number }>(
    `SELECT max(id) AS through, count(*)::integer AS planned
     FROM (SELECT id, (row_number() OVER (ORDER BY id) - 1) / $2::integer AS slot
           FROM subscriptions WHERE id > $1 AND ${sql} ORDER BY id LIMIT $2::integer * $4::integer) AS next
     GROUP BY slot ORDER BY slot`,
    [from, batchSize, value, batchesAtATime],
  )
  const planned = ranges.reduce((sum, range) => sum + range.planned, 0)
  const isLast = planned < batchSize * batchesAtATime
  await database.query(
    `WITH step AS (
       UPDATE campaigns SET planned_through = $3, state = $4
       WHERE id = $1 AND planned_through = $2 AND state = 'planning' RETURNING id
     ), range AS (
       SELECT * FROM unnest($5::text[], $6::text[], $7::integer[])
         WITH ORDINALITY AS range (after_id, through_id, planned, place)
     )
     INSERT INTO campaign_batches (campaign_id, number, after_id, through_id, planned)
     SELECT $1, place + coalesce((SELECT max(number) FROM campaign_batches WHERE campaign_id = $1), 0),
            after_id, through_id, range.planned
     FROM range WHERE EXISTS (SELECT FROM step)`,
    [
      id,
      from,
      ranges.at(-1)?.through ?? from,
      isLast ? 'sending' : 'planning',
      ranges.map((_, index) => ranges[index - 1]?.through ?? from),
      ranges.map(({ through }) => through),
      ranges.map((range) => range.planned),
    ],
  )
}

/** Makes the jobs of the newest batches, where they are missing: a job has its batch's `job_id`. */
async function addJobs(
  database: Database,
  jobs: Pick<PgBoss, 'insert'>,
  id: string,
  newest: number,
): Promise<void> {
  const batches = await database.query<{ number: number; job_id: string }>(
    `SELECT number, job_id FROM campaign_batches WHERE campaign_id = $1 AND state = 'waiting'
     ORDER BY number DESC LIMIT $2`,
    [id, newest],
  )
  const wanted = batches.map(({ number, job_id }) => ({
    id: job_id,
    data: { campaign: id, batch: number } satisfies BatchJob,
  }))
  if (wanted.length > 0) await jobs.insert(batchQueue, wanted)
}
