import type { Database } from './database.ts'
import { receiptDays } from './receipts.ts'

const dayMs = 24 * 60 * 60_000

/** How long what nobody asks for any more is kept. */
export interface SweepOptions {
  /**
   * Days after which a device that was not heard of is taken to be gone. Apple's push service takes
   * messages for dead subscriptions, so that they would be sent to for ever. A device that lives
   * is heard of when its user comes, and when a message does.
   *
   * @default 365
   */
  readonly unseenDays?: number
  /**
   * Days for which it is kept what became of a finished campaign's message to each subscription.
   * The sums stay.
   *
   * @default 90
   */
  readonly deliveryDays?: number
  /** Milliseconds since 1970. */
  readonly now?: number
  /** How many rows are removed at a time, so that nobody waits for long. */
  readonly rows?: number
}

/** Removes what is too old: also receipts, of whose campaigns the counts stay. */
export async function sweep(
  database: Database,
  { unseenDays = 365, deliveryDays = 90, now = Date.now(), rows = 10_000 }: SweepOptions = {},
): Promise<void> {
  const statements = [
    [
      `DELETE FROM subscriptions WHERE id IN
         (SELECT id FROM subscriptions WHERE updated_at < $1 LIMIT $2) RETURNING 1`,
      now - unseenDays * dayMs,
    ],
    [
      `DELETE FROM deliveries WHERE (campaign_id, batch, subscription_id) IN
         (SELECT campaign_id, batch, subscription_id
          FROM deliveries JOIN campaigns ON campaigns.id = campaign_id
          WHERE finished_at < $1 AND NOT EXISTS (
            SELECT FROM campaign_batches
            WHERE campaign_batches.campaign_id = campaigns.id AND campaign_batches.state <> 'done')
          LIMIT $2) RETURNING 1`,
      now - deliveryDays * dayMs,
    ],
    [
      `DELETE FROM receipts WHERE (message_id, event, recipient, at) IN
         (SELECT message_id, event, recipient, at
          FROM receipts JOIN campaigns ON campaigns.id = message_id
          WHERE finished_at < $1 LIMIT $2) RETURNING 1`,
      now - receiptDays * dayMs,
    ],
  ] as const
  for (const [sql, before] of statements) {
    for (let removed = rows; removed === rows;) {
      removed = (await database.query(sql, [before, rows])).length
    }
  }
}
