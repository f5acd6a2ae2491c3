import type { PushSubscriptionData } from 'pushwell/server'
import type { Database } from '../database.ts'
import { audienceFilter } from './audience-filter.ts'
import type { CampaignRequest, CampaignState, DeliveryStatus } from './campaign.ts'

/** Which batch, and which attempt at it: what an attempt after it has taken over is not its own. */
export interface BatchClaim {
  readonly campaign: string
  readonly batch: number
  readonly attempt: number
}

/** A batch as it was taken. */
export interface TakenBatch {
  readonly request: CampaignRequest
  readonly state: CampaignState
  readonly after_id: string
  readonly through_id: string
  /** Milliseconds since 1970. */
  readonly expires_at: string | number
}

/** A subscription that is to be sent to now. */
export interface DueSubscription {
  readonly id: string
  readonly subscription: PushSubscriptionData
  readonly application_server_key: string
  /** How often it was tried before. */
  readonly attempts: number
}

/** What came of trying one subscription. */
export interface TriedDelivery {
  readonly id: string
  readonly status: DeliveryStatus
  readonly reason: string | null
  readonly attempts: number
  /** Milliseconds since 1970, with the status `retry`. */
  readonly retryAt: number | null
}

/** Milliseconds since 1970 by the database's clock: the one that all workers share. */
const databaseNow = `(extract(epoch FROM clock_timestamp()) * 1000)::bigint`

/**
 * Takes a batch. @returns `null` when it is done, or a later attempt has it.
 */
export async function takeBatch(
  database: Database,
  { campaign, batch, attempt }: BatchClaim,
): Promise<TakenBatch | null> {
  const [taken] = await database.query<TakenBatch>(
    `UPDATE campaign_batches SET state = 'sending', attempt = $3 FROM campaigns
     WHERE campaign_id = $1 AND number = $2 AND attempt <= $3 AND campaign_batches.state <> 'done'
       AND campaigns.id = campaign_id
     RETURNING request, campaigns.state, after_id, through_id, expires_at`,
    [campaign, batch, attempt],
  )
  return taken ?? null
}

/** Gives the subscriptions of a batch that have no final outcome yet, and may be tried now. */
export function dueSubscriptions(
  database: Database,
  { campaign, batch }: BatchClaim,
  { request, after_id, through_id }: TakenBatch,
  now: number,
): Promise<readonly DueSubscription[]> {
  const { sql, value } = audienceFilter(request.audience, '$5')
  return database.query(
    `SELECT id, subscription, application_server_key, coalesce(attempts, 0) AS attempts
     FROM subscriptions LEFT JOIN deliveries
       ON campaign_id = $1 AND batch = $2 AND subscription_id = id
     WHERE id > $3 AND id <= $4 AND ${sql}
       AND (status IS NULL OR status = 'retry' AND retry_at <= $6) ORDER BY id`,
    [campaign, batch, after_id, through_id, value, now],
  )
}

/** The batch is still this attempt's, and its campaign not cancelled. */
const goesOn = `EXISTS (
  SELECT FROM campaign_batches JOIN campaigns ON campaigns.id = campaign_id
  WHERE campaign_id = $1 AND number = $2 AND attempt = $3 AND campaigns.state <> 'cancelled'
) AS goes_on`

/** Asks whether to go on: the batch is still this attempt's, and its campaign not cancelled. */
export async function holdsBatch(
  database: Database,
  { campaign, batch, attempt }: BatchClaim,
): Promise<boolean> {
  const sql = `SELECT ${goesOn}`
  const [row] = await database.query<{ goes_on: boolean }>(sql, [campaign, batch, attempt])
  return row?.goes_on === true
}

/**
 * Writes down what came of some subscriptions, and removes those that are gone. An outcome that is
 * final stays; only `accepted` takes the place of another, since the push service has the message.
 *
 * @returns Whether to go on: the batch is still this attempt's, and its campaign not cancelled.
 */
export async function writeDeliveries(
  database: Database,
  { campaign, batch, attempt }: BatchClaim,
  tried: readonly TriedDelivery[],
): Promise<boolean> {
  const [row] = await database.query<{ goes_on: boolean }>(
    `WITH tried AS (
       SELECT * FROM unnest($4::text[], $5::text[], $6::text[], $7::integer[], $8::bigint[])
         AS tried (id, status, reason, attempts, retry_at)
     ), written AS (
       INSERT INTO deliveries AS held
         (campaign_id, batch, subscription_id, status, reason, attempts, retry_at, at)
       SELECT $1, $2, id, status, reason, attempts, retry_at, ${databaseNow} FROM tried ORDER BY id
       ON CONFLICT (campaign_id, batch, subscription_id) DO UPDATE SET
         status = excluded.status, reason = excluded.reason, attempts = excluded.attempts,
         retry_at = excluded.retry_at, at = excluded.at
       WHERE held.status = 'retry' OR (excluded.status = 'accepted' AND held.status <> 'accepted')
     ), removed AS (
       DELETE FROM subscriptions WHERE id IN (SELECT id FROM tried WHERE status = 'gone')
     )
     SELECT ${goesOn}`,
    [
      campaign,
      batch,
      attempt,
      tried.map(({ id }) => id),
      tried.map(({ status }) => status),
      tried.map(({ reason }) => reason),
      tried.map(({ attempts }) => attempts),
      tried.map(({ retryAt }) => retryAt),
    ],
  )
  return row?.goes_on === true
}

/**
 * Marks a batch as done, with the sums, when every subscription of it has a final outcome.
 *
 * @param end - `true` when nothing more is to be sent: all without a final outcome are then counted
 * as `expired`.
 * @returns Whether it is done.
 */
export async function closeBatch(
  database: Database,
  { campaign, batch, attempt }: BatchClaim,
  end: boolean,
): Promise<boolean> {
  // Whoever unsubscribed before the next try is not waited for.
  await database.query(
    `UPDATE deliveries SET status = 'gone', reason = 'unsubscribed'
     WHERE campaign_id = $1 AND batch = $2 AND status = 'retry'
       AND NOT EXISTS (SELECT FROM subscriptions WHERE id = subscription_id)`,
    [campaign, batch],
  )
  const closed = await database.query(
    `UPDATE campaign_batches SET state = 'done',
       planned = CASE WHEN $4 THEN greatest(planned, final) ELSE final END,
       accepted = sums.accepted, gone = sums.gone, rejected = sums.rejected, failed = sums.failed,
       expired = CASE WHEN $4 THEN greatest(planned - final, 0) ELSE 0 END
     FROM (
       SELECT ${finalStatuses.map(sumOf).join(', ')}, ${sumOf('retry')},
         count(*) FILTER (WHERE status <> 'retry') AS final
       FROM deliveries WHERE campaign_id = $1 AND batch = $2
     ) AS sums
     WHERE campaign_id = $1 AND number = $2 AND attempt = $3 AND ($4 OR sums.retry = 0)
     RETURNING number`,
    [campaign, batch, attempt, end],
  )
  return closed.length > 0
}

const finalStatuses = ['accepted', 'gone', 'rejected', 'failed'] as const

function sumOf(status: DeliveryStatus): string {
  return `count(*) FILTER (WHERE status = '${status}') AS ${status}`
}
