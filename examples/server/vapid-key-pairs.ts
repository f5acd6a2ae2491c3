import { generateVapidKeys, type VapidKeys } from 'pushwell/server'
import type { Database } from './database.ts'
import { readKeys } from './read-keys.ts'

/** At least one pair: the first is the one that subscriptions are wanted with. */
export type VapidKeyPairs = readonly [VapidKeys, ...VapidKeys[]]

/**
 * Gives the VAPID key pairs that the database holds, the newest first; it is given one when it holds
 * none. Subscriptions are bound to their public key, so pairs must outlive the process. The pair of
 * `VAPID_PUBLIC_KEY` and `VAPID_PRIVATE_KEY`, where these are set, goes before them.
 */
export async function vapidKeyPairs(
  database: Database,
  { VAPID_PUBLIC_KEY: publicKey, VAPID_PRIVATE_KEY: privateKey }: NodeJS.ProcessEnv,
): Promise<VapidKeyPairs> {
  const held = await readKeys(database)
  if (publicKey !== undefined && privateKey !== undefined) {
    return [{ publicKey, privateKey }, ...held]
  }
  const [newest, ...older] = held
  return newest ? [newest, ...older] : [await makeFirstKeys(database)]
}

/** Of several processes that start at once, the first one's pair is everybody's. */
async function makeFirstKeys(database: Database): Promise<VapidKeys> {
  const made = await generateVapidKeys()
  await database.query(
    `INSERT INTO vapid_keys (generation, public_key, private_key) VALUES (1, $1, $2)
     ON CONFLICT DO NOTHING`,
    [made.publicKey, made.privateKey],
  )
  const [first = made] = await readKeys(database)
  return first
}
