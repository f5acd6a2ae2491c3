import type { Database } from './database.ts'

/** One step a version, in order; never changed once it has run anywhere, only added to. */
const migrations: readonly string[] = [
  `CREATE TABLE subscriptions (
     id text PRIMARY KEY,
     subscription jsonb NOT NULL,
     application_server_key text NOT NULL,
     recipient text,
     tags text[] NOT NULL,
     client jsonb NOT NULL,
     created_at bigint NOT NULL,
     updated_at bigint NOT NULL
   )`,
  `CREATE INDEX subscriptions_recipient ON subscriptions (recipient, id)`,
  `CREATE TABLE vapid_keys (
     singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
     public_key text NOT NULL,
     private_key text NOT NULL
   )`,
  `ALTER TABLE vapid_keys
     DROP COLUMN singleton,
     ADD COLUMN generation integer PRIMARY KEY DEFAULT 1`,
]

/**
 * Brings a database to the newest version. Several processes may do it at once: each step is one
 * statement, behind a lock that all of them share, and runs only for the first.
 */
export async function migrate(database: Database): Promise<void> {
  await database.query(
    locked('CREATE TABLE IF NOT EXISTS migrations (version integer PRIMARY KEY);'),
  )
  const done = await database.query<{ version: number }>('SELECT version FROM migrations')
  const versions = new Set(done.map(({ version }) => version))
  for (const [version, sql] of migrations.entries()) {
    if (versions.has(version)) continue
    await database.query(
      locked(`IF NOT EXISTS (SELECT FROM migrations WHERE version = ${version}) THEN
        INSERT INTO migrations VALUES (${version});
        ${sql};
      END IF;`),
    )
  }
}

function locked(statements: string): string {
  return `DO $migration$ BEGIN PERFORM pg_advisory_xact_lock(8030); ${statements} END $migration$`
}
