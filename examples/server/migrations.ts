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
  `CREATE INDEX subscriptions_tags ON subscriptions USING gin (tags)`,
  `CREATE TABLE campaigns (
     id uuid PRIMARY KEY,
     idempotency_key text NOT NULL UNIQUE,
     request jsonb NOT NULL,
     state text NOT NULL,
     planned_through text NOT NULL,
     created_at bigint NOT NULL,
     expires_at bigint NOT NULL,
     finished_at bigint
   );
   CREATE INDEX campaigns_created_at ON campaigns (created_at);
   CREATE TABLE campaign_batches (
     campaign_id uuid NOT NULL REFERENCES campaigns ON DELETE CASCADE,
     number integer NOT NULL,
     job_id uuid NOT NULL DEFAULT gen_random_uuid(),
     after_id text NOT NULL,
     through_id text NOT NULL,
     state text NOT NULL DEFAULT 'waiting',
     attempt integer NOT NULL DEFAULT 0,
     planned integer NOT NULL,
     accepted integer NOT NULL DEFAULT 0,
     gone integer NOT NULL DEFAULT 0,
     rejected integer NOT NULL DEFAULT 0,
     failed integer NOT NULL DEFAULT 0,
     expired integer NOT NULL DEFAULT 0,
     PRIMARY KEY (campaign_id, number)
   );
   CREATE INDEX campaign_batches_open ON campaign_batches (campaign_id) WHERE state <> 'done';
   CREATE TABLE deliveries (
     campaign_id uuid NOT NULL,
     batch integer NOT NULL,
     subscription_id text NOT NULL,
     status text NOT NULL,
     reason text,
     attempts integer NOT NULL,
     retry_at bigint,
     at bigint NOT NULL,
     PRIMARY KEY (campaign_id, batch, subscription_id),
     FOREIGN KEY (campaign_id, batch) REFERENCES campaign_batches ON DELETE CASCADE
   )`,
  `CREATE INDEX subscriptions_updated_at ON subscriptions (updated_at)`,
  `CREATE TABLE receipts (
     message_id uuid NOT NULL REFERENCES campaigns ON DELETE CASCADE,
     event text NOT NULL,
     recipient text NOT NULL,
     at bigint NOT NULL,
     action text,
     PRIMARY KEY (message_id, event, recipient, at)
   );
   CREATE TABLE receipt_counts (
     message_id uuid NOT NULL REFERENCES campaigns ON DELETE CASCADE,
     event text NOT NULL,
     part integer NOT NULL,
     count bigint NOT NULL,
     PRIMARY KEY (message_id, event, part)
   )`,
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
