import { mkdir } from 'node:fs/promises'
import { PGlite } from '@electric-sql/pglite'
import { Pool } from 'pg'
import { type ConstructorOptions, fromPglite } from 'pg-boss'

/** PostgreSQL, embedded or a server: the same SQL either way. */
export interface Database {
  /** Runs one statement, with `$1`, `$2` … for the parameters. */
  query<Row>(sql: string, parameters?: readonly unknown[]): Promise<readonly Row[]>
  /** How pg-boss, which keeps the jobs, reaches the same database. */
  readonly forJobs: Pick<ConstructorOptions, 'db' | 'backend' | 'connectionString' | 'max'>
  close(): Promise<void>
}

/**
 * Opens the database.
 *
 * @param where - `postgres://…` for a server, `memory:` for one that is gone with the process, or
 * a folder in which PGlite keeps its files.
 */
export async function openDatabase(where: string): Promise<Database> {
  if (/^postgres(ql)?:/.test(where)) return openServer(where)
  if (where !== 'memory:') await mkdir(where, { recursive: true })
  const embedded = await PGlite.create(where === 'memory:' ? 'memory://' : where)
  return {
    query: async <Row>(sql: string, parameters: readonly unknown[] = []) =>
      (await embedded.query<Row>(sql, [...parameters])).rows,
    forJobs: { db: fromPglite(embedded), backend: 'pglite' },
    close: () => embedded.close(),
  }
}

function openServer(url: string): Database {
  const pool = new Pool({ connectionString: url })
  // An idle connection that breaks is replaced at the next query; without a listener it would end
  // the process.
  pool.on('error', () => undefined)
  return {
    query: async <Row>(sql: string, parameters: readonly unknown[] = []) =>
      (await pool.query(sql, [...parameters])).rows as Row[],
    forJobs: { connectionString: url, max: 4 },
    close: () => pool.end(),
  }
}
