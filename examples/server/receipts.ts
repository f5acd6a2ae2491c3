import type { Receipt } from 'pushwell/server'
import type { Database } from './database.ts'

const isUuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/

/**
 * Keeps receipts, each once, and counts them. Those of messages that are no campaign's are let go:
 * anybody can send any.
 *
 * @param recipient - Who is signed in on the device. Of their devices, the time tells one from
 * another.
 */
export async function saveReceipts(
  database: Database,
  receipts: readonly Receipt[],
  recipient: string | null,
): Promise<void> {
  const kept = receipts.filter(({ id }) => isUuid.test(id))
  if (kept.length === 0) return
  // The counts of one campaign are spread over rows, so that few requests wait for another.
  await database.query(
    `WITH saved AS (
       INSERT INTO receipts (message_id, event, recipient, at, action)
       SELECT message_id, event, $1, at, action
       FROM unnest($2::uuid[], $3::text[], $4::bigint[], $5::text[])
         AS sent (message_id, event, at, action)
       WHERE EXISTS (SELECT FROM campaigns WHERE id = message_id)
       ON CONFLICT DO NOTHING RETURNING message_id, event
     )
     INSERT INTO receipt_counts AS held (message_id, event, part, count)
     SELECT message_id, event, $6, count(*) FROM saved
     GROUP BY message_id, event ORDER BY message_id, event
     ON CONFLICT (message_id, event, part) DO UPDATE SET count = held.count + excluded.count`,
    [
      recipient ?? '',
      kept.map(({ id }) => id),
      kept.map(({ event }) => event),
      kept.map(({ at }) => Math.round(at)),
      kept.map(({ action }) => action ?? null),
      Math.floor(Math.random() * 16),
    ],
  )
}
