import type { Receipt } from 'pushwell/server'
import type { Database } from './database.ts'

/** Of a campaign that ended longer ago, nothing is kept or counted any more. */
export const receiptDays = 90

/** So many of one recipient's devices are told from one another. */
const mostDevices = 50

const isUuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/

/**
 * Keeps receipts, each once, and counts them: of each message and event at most as many as the
 * recipient has devices, since nothing else tells one of their devices from another but the time that
 * it says. Those of messages that are no campaign's, or of one that ended long ago, are let go, and
 * those of who has no device: anybody can send any.
 *
 * @param recipient - Who is signed in on the device; nobody's devices are not told from anybody's.
 */
export async function saveReceipts(
  database: Database,
  receipts: readonly Receipt[],
  recipient: string | null,
  now: number = Date.now(),
): Promise<void> {
  const kept = receipts.filter(({ id }) => isUuid.test(id))
  if (kept.length === 0 || recipient === null) return
  // The counts of one campaign are spread over rows, so that few requests wait for another.
  await database.query(
    `WITH fresh AS (
       SELECT DISTINCT ON (message_id, event, at) message_id, event, at, action
       FROM unnest($2::uuid[], $3::text[], $4::bigint[], $5::text[])
         AS sent (message_id, event, at, action)
       WHERE EXISTS (SELECT FROM campaigns
           WHERE id = message_id AND coalesce(finished_at >= $7, true))
         AND NOT EXISTS (SELECT FROM receipts AS held
           WHERE (held.message_id, held.event, held.recipient, held.at)
             = (sent.message_id, sent.event, $1, sent.at))
     ), placed AS (
       SELECT *, row_number() OVER (PARTITION BY message_id, event ORDER BY at)
         + (SELECT count(*) FROM receipts AS held
            WHERE (held.message_id, held.event, held.recipient)
              = (fresh.message_id, fresh.event, $1)) AS place
       FROM fresh
     ), saved AS (
       INSERT INTO receipts (message_id, event, recipient, at, action)
       SELECT message_id, event, $1, at, action FROM placed
       WHERE place <= (SELECT count(*) FROM
         (SELECT FROM subscriptions WHERE recipient = $1 LIMIT ${mostDevices}) AS device)
       ON CONFLICT DO NOTHING RETURNING message_id, event
     )
     INSERT INTO receipt_counts AS held (message_id, event, part, count)
     SELECT message_id, event, $6, count(*) FROM saved
     GROUP BY message_id, event ORDER BY message_id, event
     ON CONFLICT (message_id, event, part) DO UPDATE SET count = held.count + excluded.count`,
    [
      recipient,
      kept.map(({ id }) => id),
      kept.map(({ event }) => event),
      kept.map(({ at }) => Math.round(at)),
      kept.map(({ action }) => action ?? null),
      Math.floor(Math.random() * 16),
      now - receiptDays * 24 * 60 * 60_000,
    ],
  )
}
