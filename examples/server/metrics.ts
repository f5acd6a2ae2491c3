import type { Database } from './database.ts'

/** Something that is counted, as Prometheus has it. */
interface Metric {
  readonly name: string
  readonly type: 'gauge' | 'counter'
  readonly help: string
  /** Gives rows of a value, and of a label with the name of its column. */
  readonly sql: string
}

const metrics: readonly Metric[] = [
  {
    name: 'pushwell_subscriptions',
    type: 'gauge',
    help: 'Subscriptions that are kept; where there are many, as of the last analysis.',
    // Counting reads the whole table, so only a small one is counted.
    sql: `SELECT CASE WHEN reltuples < 100000 THEN (SELECT count(*) FROM subscriptions)
            ELSE reltuples END AS value
          FROM pg_class WHERE oid = 'subscriptions'::regclass`,
  },
  {
    name: 'pushwell_subscriptions_unseen',
    type: 'gauge',
    help: 'Subscriptions whose device was not heard of for thirty days; counted up to 100000.',
    // The time is cut to a whole number, which the index is searched by.
    sql: `SELECT count(*) AS value FROM (
            SELECT FROM subscriptions
            WHERE updated_at < ((extract(epoch FROM now()) - 30 * 86400) * 1000)::bigint
            LIMIT 100000) AS unseen`,
  },
  {
    name: 'pushwell_campaigns',
    type: 'gauge',
    help: 'Campaigns by their state.',
    sql: 'SELECT state, count(*) AS value FROM campaigns GROUP BY state ORDER BY state',
  },
  {
    name: 'pushwell_open_batches',
    type: 'gauge',
    help: 'Batches that are not done.',
    sql: `SELECT count(*) AS value FROM campaign_batches WHERE state <> 'done'`,
  },
  {
    name: 'pushwell_deliveries_total',
    type: 'counter',
    help: 'Final outcomes in batches that are done.',
    sql: `SELECT outcome, coalesce(value, 0) AS value
          FROM (SELECT sum(accepted) AS accepted, sum(gone) AS gone, sum(rejected) AS rejected,
                  sum(failed) AS failed, sum(expired) AS expired FROM campaign_batches) AS sums,
            LATERAL (VALUES ('accepted', accepted), ('gone', gone), ('rejected', rejected),
              ('failed', failed), ('expired', expired)) AS named (outcome, value)`,
  },
  {
    name: 'pushwell_receipts_total',
    type: 'counter',
    help: 'Receipts by what they tell.',
    sql: 'SELECT event, sum(count) AS value FROM receipt_counts GROUP BY event ORDER BY event',
  },
]

/** Writes what the database holds in Prometheus' text format, version 0.0.4. */
export async function writeMetrics(database: Database): Promise<string> {
  const lines: string[] = []
  for (const { name, type, help, sql } of metrics) {
    lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`)
    for (const { value, ...labels } of await database.query<Record<string, unknown>>(sql)) {
      lines.push(`${name}${writeLabels(labels)} ${Number(value)}`)
    }
  }
  return `${lines.join('\n')}\n`
}

/** Their values are our own words, which need no escaping. */
function writeLabels(labels: Record<string, unknown>): string {
  const written = Object.entries(labels).map(([name, value]) => `${name}="${String(value)}"`)
  return written.length > 0 ? `{${written.join(',')}}` : ''
}
