import type { SubscriptionFilter, SubscriptionRecord, SubscriptionStore } from 'pushwell/server'
import type { Database } from './database.ts'

/** How a store works. */
export interface PostgresStoreOptions {
  /**
   * How many records `list` holds in memory at a time.
   *
   * @default 500
   */
  readonly pageSize?: number
}

interface Row {
  readonly id: string
  readonly subscription: SubscriptionRecord['subscription']
  readonly application_server_key: string
  readonly recipient: string | null
  readonly tags: readonly string[]
  readonly client: SubscriptionRecord['client']
  readonly created_at: string | number
  readonly updated_at: string | number
}

/** Keeps subscriptions in PostgreSQL, in the table that the migrations make. */
export function createPostgresStore(
  database: Database,
  { pageSize = 500 }: PostgresStoreOptions = {},
): SubscriptionStore {
  return {
    async put(record, { replaces = record.id } = {}) {
      // One statement, so that no reader sees both the old and the new, or neither.
      await database.query(
        `WITH replaced AS (DELETE FROM subscriptions WHERE id = $9 AND id <> $1)
         INSERT INTO subscriptions VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (id) DO UPDATE SET
           subscription = excluded.subscription,
           application_server_key = excluded.application_server_key,
           recipient = excluded.recipient,
           tags = excluded.tags,
           client = excluded.client,
           created_at = excluded.created_at,
           updated_at = excluded.updated_at`,
        [
          record.id,
          JSON.stringify(record.subscription),
          record.applicationServerKey,
          record.recipient,
          record.tags,
          JSON.stringify(record.client),
          record.createdAt,
          record.updatedAt,
          replaces,
        ],
      )
    },
    async remove(id, owner) {
      await database.query(
        `DELETE FROM subscriptions
         WHERE id = $1 AND ($2 OR recipient IS NULL OR recipient = $3)`,
        [id, owner === undefined, owner?.recipient ?? null],
      )
    },
    async get(id) {
      const [row] = await database.query<Row>('SELECT * FROM subscriptions WHERE id = $1', [id])
      return row ? recordOf(row) : null
    },
    list: (filter) => pages(database, pageSize, filter),
  }
}

/** Reads in the order of `id` from where the page before ended, so no row is skipped or repeated. */
async function* pages(
  database: Database,
  pageSize: number,
  { recipient, tag }: SubscriptionFilter = {},
): AsyncGenerator<SubscriptionRecord> {
  let after = ''
  for (;;) {
    const rows = await database.query<Row>(
      `SELECT * FROM subscriptions
       WHERE id > $1 AND ($2::text IS NULL OR recipient = $2) AND ($3::text IS NULL OR $3 = ANY (tags))
       ORDER BY id LIMIT $4`,
      [after, recipient ?? null, tag ?? null, pageSize],
    )
    yield* rows.map(recordOf)
    const last = rows.at(-1)
    if (!last || rows.length < pageSize) return
    after = last.id
  }
}

function recordOf(row: Row): SubscriptionRecord {
  return {
    id: row.id,
    subscription: row.subscription,
    applicationServerKey: row.application_server_key,
    recipient: row.recipient,
    tags: row.tags,
    client: row.client,
    createdAt: Number(row.created_at),
    updatedAt: Number(row.updated_at),
  }
}
