import type { Database } from '../database.ts'
import type { CampaignRequest, CampaignState, DeliveryStatus } from './campaign.ts'

/** How far a campaign is. */
export interface CampaignProgress {
  readonly id: string
  readonly state: CampaignState
  readonly request: CampaignRequest
  /** Milliseconds since 1970. */
  readonly createdAt: number
  readonly finishedAt: number | null
  readonly batches: number
  readonly batchesDone: number
  /** How many subscriptions its batches have, as far as they are planned. */
  readonly planned: number
  readonly outcomes: Readonly<Record<DeliveryStatus, number>>
  /** How many receipts of each kind have come. */
  readonly receipts: Readonly<Record<string, number>>
}

interface Row extends Omit<CampaignProgress, 'outcomes' | 'createdAt' | 'finishedAt'> {
  readonly createdAt: string | number
  readonly finishedAt: string | number | null
  readonly closed: Readonly<Record<string, number>>
  readonly open: Readonly<Record<string, number>> | null
}

/**
 * Says how far the newest campaigns are, or one of them. Of batches that are done it reads the sums,
 * so that only the rows of those that are being sent are counted.
 */
export async function campaignProgress(
  database: Database,
  { id = null, limit = 20 }: { readonly id?: string | null; readonly limit?: number } = {},
): Promise<readonly CampaignProgress[]> {
  const rows = await database.query<Row>(
    `SELECT campaign.id, campaign.state, request, created_at AS "createdAt",
       finished_at AS "finishedAt", batches, "batchesDone", planned, closed, open, receipts
     FROM (
       SELECT * FROM campaigns WHERE $1::uuid IS NULL OR id = $1
       ORDER BY created_at DESC, id LIMIT $2
     ) AS campaign,
     LATERAL (
       SELECT count(*)::integer AS batches, coalesce(sum(planned), 0)::integer AS planned,
         (count(*) FILTER (WHERE state = 'done'))::integer AS "batchesDone",
         jsonb_build_object('accepted', coalesce(sum(accepted), 0), 'gone', coalesce(sum(gone), 0),
           'rejected', coalesce(sum(rejected), 0), 'failed', coalesce(sum(failed), 0),
           'expired', coalesce(sum(expired), 0)) AS closed
       FROM campaign_batches WHERE campaign_id = campaign.id
     ) AS batch,
     LATERAL (
       SELECT jsonb_object_agg(status, count) AS open FROM (
         SELECT status, count(*) FROM deliveries
         WHERE campaign_id = campaign.id AND batch IN (
           SELECT number FROM campaign_batches
           WHERE campaign_id = campaign.id AND state = 'sending')
         GROUP BY status) AS counted
     ) AS delivery,
     LATERAL (
       SELECT coalesce(jsonb_object_agg(event, total), '{}') AS receipts FROM (
         SELECT event, sum(count) AS total FROM receipt_counts
         WHERE message_id = campaign.id GROUP BY event) AS counted
     ) AS receipt
     ORDER BY created_at DESC, campaign.id`,
    [id, limit],
  )
  return rows.map(({ closed, open, createdAt, finishedAt, ...row }) => {
    const count = (status: DeliveryStatus) => (closed[status] ?? 0) + (open?.[status] ?? 0)
    return {
      ...row,
      createdAt: Number(createdAt),
      finishedAt: finishedAt === null ? null : Number(finishedAt),
      outcomes: {
        accepted: count('accepted'),
        gone: count('gone'),
        rejected: count('rejected'),
        failed: count('failed'),
        expired: count('expired'),
        retry: count('retry'),
      },
    }
  })
}
