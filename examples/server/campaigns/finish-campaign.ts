import type { Database } from '../database.ts'

/**
 * Notes that a campaign is over, if it is: called after each batch, once that is marked as done. Of
 * the last two batches that end at one moment, the later one sees the other.
 */
export async function finishCampaign(
  database: Database,
  id: string,
  now: number = Date.now(),
): Promise<void> {
  await database.query(
    `UPDATE campaigns SET state = 'done', finished_at = $2
     WHERE id = $1 AND state = 'sending' AND NOT EXISTS
       (SELECT FROM campaign_batches WHERE campaign_id = $1 AND state <> 'done')`,
    [id, now],
  )
}
