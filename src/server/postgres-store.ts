import { typeError } from '../shared/errors.ts'
import type {
  SubscriptionFilter,
  SubscriptionRecord,
  SubscriptionStore,
} from './subscription-store.ts'

/**
 * What runs SQL: a pool or client of `pg`, a `PGlite`, or anything else with such a method. It is
 * given one statement at a time, with `$1`, `$2` … for the parameters.
 */
export interface SqlClient {
  /** Gives the rows, or an object that has them as `rows`. */
  query(
    sql: string,
    parameters: unknown[],
  ): Promise<readonly object[] | { readonly rows: readonly object[] }>
}

/** How a store works. */
export interface PostgresStoreOptions {
  /**
   * The table's name, with its schema if need be. It becomes part of the SQL as it is.
   *
   * @default 'subscriptions'
   */
  readonly table?: string
  /**
   * How many records `list` holds in memory at a time.
   *
   * @default 500
   */
  readonly pageSize?: number
}

/** A {@link SubscriptionStore} on PostgreSQL. */
export interface PostgresStore extends SubscriptionStore {
  /**
   * Makes the table and its index where they are missing; several processes may at once. For an app
   * with migrations of its own, {@link postgresStoreTable} has the statements.
   */
  createTable(): Promise<void>
}

interface Row {
  readonly id: string
  readonly subscription: unknown
  readonly application_server_key: string
  readonly recipient: string | null
  readonly tags: unknown
  readonly client: unknown
  readonly created_at: string | number | bigint
  readonly updated_at: string | number | bigint
}

/**
 * Gives the statements that make the table of a {@link createPostgresStore}, one by one. It may have
 * more columns, if they have defaults.
 */
export function postgresStoreTable(table = 'subscriptions'): readonly string[] {
  const name = checkTable(table)
  return [
    `CREATE TABLE IF NOT EXISTS ${name} (
       id text PRIMARY KEY,
       subscription jsonb NOT NULL,
       application_server_key text NOT NULL,
       recipient text,
       tags text[] NOT NULL,
       client jsonb NOT NULL,
       created_at bigint NOT NULL,
       updated_at bigint NOT NULL
     )`,
    `CREATE INDEX IF NOT EXISTS ${name.split('.').at(-1)}_recipient ON ${name} (recipient, id)`,
  ]
}

/**
 * One statement that makes the table, behind a lock that everybody who makes one shares: two that
 * find it missing at one moment would both make it, and `IF NOT EXISTS` fails for one of them.
 */
function tableAtOnce(table: string): string {
  const statements = postgresStoreTable(table).join('; ')
  return `DO $table$ BEGIN PERFORM pg_advisory_xact_lock(8291); ${statements}; END $table$`
}

/**
 * Keeps subscriptions in a table of PostgreSQL, through the app's own client.
 *
 * @throws TypeError with the code `invalid-argument` for a name that no table has.
 *
 * @example
 * const store = createPostgresStore(new Pool({ connectionString }))
 * await store.createTable()
 */
export function createPostgresStore(
  client: SqlClient,
  { table: name = 'subscriptions', pageSize = 500 }: PostgresStoreOptions = {},
): PostgresStore {
  const table = checkTable(name)
  const query = async (sql: string, ...parameters: unknown[]) => {
    const result = await client.query(sql, parameters)
    return ('rows' in result ? result.rows : result) as readonly Row[]
  }
  return {
    async createTable() {
      await query(tableAtOnce(table))
    },
    async put(record, { replaces = record.id } = {}) {
      // One statement, so that no reader sees both the old and the new, or neither.
      await query(
        `WITH replaced AS (DELETE FROM ${table} WHERE id = $9 AND id <> $1)
         INSERT INTO ${table} (id, subscription, application_server_key, recipient, tags, client,
           created_at, updated_at)
         VALUES ($1, $2::text::jsonb, $3, $4,
           ARRAY(SELECT jsonb_array_elements_text($5::text::jsonb)), $6::text::jsonb, $7, $8)
         ON CONFLICT (id) DO UPDATE SET
           subscription = excluded.subscription,
           application_server_key = excluded.application_server_key,
           recipient = excluded.recipient,
           tags = excluded.tags,
           client = excluded.client,
           created_at = excluded.created_at,
           updated_at = excluded.updated_at`,
        record.id,
        JSON.stringify(record.subscription),
        record.applicationServerKey,
        record.recipient,
        JSON.stringify(record.tags),
        JSON.stringify(record.client),
        record.createdAt,
        record.updatedAt,
        replaces,
      )
    },
    async remove(id, owner) {
      await query(
        `DELETE FROM ${table}
         WHERE id = $1 AND ($2::boolean OR recipient IS NULL OR recipient = $3)`,
        id,
        owner === undefined,
        owner?.recipient ?? null,
      )
    },
    async get(id) {
      const [row] = await query(`SELECT ${columns} FROM ${table} WHERE id = $1`, id)
      return row ? recordOf(row) : null
    },
    list: (filter) => pages(query, table, pageSize, filter),
  }
}

/** As clients of all kinds give them alike: an array of text comes in many forms. */
const columns = `id, subscription, application_server_key, recipient, to_jsonb(tags) AS tags, client,
  created_at, updated_at`

/** Reads in the order of `id` from where the page before ended, so no row is skipped or repeated. */
async function* pages(
  query: (sql: string, ...parameters: unknown[]) => Promise<readonly Row[]>,
  table: string,
  pageSize: number,
  { recipient, tag }: SubscriptionFilter = {},
): AsyncGenerator<SubscriptionRecord> {
  let after = ''
  for (;;) {
    const rows = await query(
      `SELECT ${columns} FROM ${table}
       WHERE id > $1 AND ($2::text IS NULL OR recipient = $2) AND ($3::text IS NULL OR $3 = ANY (tags))
       ORDER BY id LIMIT $4`,
      after,
      recipient ?? null,
      tag ?? null,
      pageSize,
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
    subscription: parsed(row.subscription) as SubscriptionRecord['subscription'],
    applicationServerKey: row.application_server_key,
    recipient: row.recipient,
    tags: parsed(row.tags) as SubscriptionRecord['tags'],
    client: parsed(row.client) as SubscriptionRecord['client'],
    createdAt: Number(row.created_at),
    updatedAt: Number(row.updated_at),
  }
}

/** Some clients give `jsonb` as text. */
function parsed(value: unknown): unknown {
  return typeof value === 'string' ? JSON.parse(value) : value
}

function checkTable(table: string): string {
  if (/^([a-z_][a-z\d_]{0,50}\.)?[a-z_][a-z\d_]{0,50}$/i.test(table)) return table
  throw typeError('invalid-argument', 'table must be a name of letters, digits and underscores.')
}
