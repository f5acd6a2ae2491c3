import { generateVapidKeys, type VapidKeys } from 'pushwell/server'
import type { Database } from './database.ts'
import { readKeys } from './read-keys.ts'

/**
 * Adds a new VAPID key pair, which subscriptions are wanted with from now on. The backends that run
 * on this database find it at their next request, and go on sending with the old pairs to who has
 * not moved yet.
 *
 * @returns The newest pair: of several rotations at once, the first one's is everybody's.
 */
export async function rotateKeys(database: Database): Promise<VapidKeys> {
  const made = await generateVapidKeys()
  await database.query(
    `INSERT INTO vapid_keys (generation, public_key, private_key)
     SELECT coalesce(max(generation), 0) + 1, $1, $2 FROM vapid_keys
     ON CONFLICT DO NOTHING`,
    [made.publicKey, made.privateKey],
  )
  const [newest = made] = await readKeys(database)
  return newest
}
