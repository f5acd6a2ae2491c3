import type { Database } from '../../examples/server/database.ts'
import type { PushSink } from './push-sink.ts'

/** One in a hundred has ended, and of one in a hundred the first message is refused for a while. */
export const isGone = (index: number) => index % 100 === 0
const isLate = (index: number) => index % 100 === 1

/** What the push service of the proof answers for an endpoint, the first, second … time. */
export function statusOf(url: string, time: number): number {
  const index = Number(url.split('/').at(-1))
  if (isGone(index)) return 410
  return isLate(index) && time === 1 ? 429 : 201
}

/** In which a worker that goes on after a stop has sent what it had under way, busy as it may be. */
const underWayMs = 5000

/**
 * Holds what the push service got against what the database says.
 *
 * @param goesOnAt - When workers that were stopped went on, in milliseconds since 1970: what such a
 * one had under way comes then, also when another has sent it meanwhile.
 */
export async function compareCampaign(
  database: Database,
  { received }: PushSink,
  id: string,
  ids: readonly string[],
  goesOnAt: readonly number[],
) {
  const rows = await database.query<{ subscription_id: string; status: string; at: string }>(
    'SELECT subscription_id, status, at FROM deliveries WHERE campaign_id = $1',
    [id],
  )
  const written = new Map(rows.map((row) => [row.subscription_id, row]))
  let [lost, repeated, repeatedAfterMark, repeatedAfterStop] = [0, 0, 0, 0]
  for (const [index, subscription] of ids.entries()) {
    const got = received.get(`/p/${index}`)
    const row = written.get(subscription)
    if (!got || row?.status !== (isGone(index) ? 'gone' : 'accepted')) lost += 1
    else {
      repeated += got.count - (isLate(index) ? 2 : 1)
      // The database's clock is this machine's.
      if (got.lastAt <= Number(row.at)) continue
      const isOfStop = goesOnAt.some((at) => got.lastAt >= at && got.lastAt <= at + underWayMs)
      if (isOfStop) repeatedAfterStop += 1
      else repeatedAfterMark += 1
    }
  }
  return { lost, repeated, repeatedAfterMark, repeatedAfterStop }
}
