import { randomUUID } from 'node:crypto'
import type { PgBoss } from 'pg-boss'
import type { Database } from '../database.ts'
import type { CampaignRequest } from './campaign.ts'
import { planQueue, type PlanJob } from './job-queue.ts'

/** What came of asking for a campaign. */
export type CreateCampaignResult =
  | { readonly status: 'created' | 'repeated'; readonly id: string }
  /** The key was used before, for something else. */
  | { readonly status: 'conflict' }

/**
 * Makes a campaign and hands it to the workers.
 *
 * @param key - The idempotency key: asking again with the same one makes no second campaign.
 * @param now - Milliseconds since 1970.
 */
export async function createCampaign(
  { database, jobs }: { readonly database: Database; readonly jobs: Pick<PgBoss, 'send'> },
  key: string,
  request: CampaignRequest,
  now: number = Date.now(),
): Promise<CreateCampaignResult> {
  const wanted = JSON.stringify(request)
  const made = await database.query<{ id: string }>(
    `INSERT INTO campaigns
       (id, idempotency_key, request, state, planned_through, created_at, expires_at)
     VALUES ($1, $2, $3, 'planning', '', $4, $5)
     ON CONFLICT (idempotency_key) DO NOTHING RETURNING id`,
    [randomUUID(), key, wanted, now, now + request.ttl * 1000],
  )
  const [found] = await database.query<{ id: string; same: boolean }>(
    'SELECT id, request = $2::jsonb AS same FROM campaigns WHERE idempotency_key = $1',
    [key, wanted],
  )
  if (!found?.same) return { status: 'conflict' }
  // Also for a repeated one: who asked the first time may have died right before this. The job has
  // the campaign's id, so there is one.
  await jobs.send(planQueue, { campaign: found.id } satisfies PlanJob, { id: found.id })
  return { status: made.length > 0 ? 'created' : 'repeated', id: found.id }
}

/** Sends nothing more of a campaign. @returns Whether it was under way. */
export async function cancelCampaign(
  database: Database,
  id: string,
  now: number = Date.now(),
): Promise<boolean> {
  const cancelled = await database.query(
    `UPDATE campaigns SET state = 'cancelled', finished_at = $2
     WHERE id = $1 AND state IN ('planning', 'sending') RETURNING id`,
    [id, now],
  )
  return cancelled.length > 0
}
