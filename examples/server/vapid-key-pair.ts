import { generateVapidKeys, type VapidKeys } from 'pushwell/server'
import type { Database } from './database.ts'

/**
 * Gives the VAPID key pair: from `VAPID_PUBLIC_KEY` and `VAPID_PRIVATE_KEY`, else the one that the
 * database holds, made when it holds none. Subscriptions are bound to the public key, so it must
 * outlive the process.
 */
export async function vapidKeyPair(
  database: Database,
  { VAPID_PUBLIC_KEY: publicKey, VAPID_PRIVATE_KEY: privateKey }: NodeJS.ProcessEnv,
): Promise<VapidKeys> {
  if (publicKey !== undefined && privateKey !== undefined) return { publicKey, privateKey }
  const made = await generateVapidKeys()
  // Of several processes that start at once, the first one's pair is everybody's.
  await database.query(
    'INSERT INTO vapid_keys (public_key, private_key) VALUES ($1, $2) ON CONFLICT DO NOTHING',
    [made.publicKey, made.privateKey],
  )
  const [held] = await database.query<{ public_key: string; private_key: string }>(
    'SELECT public_key, private_key FROM vapid_keys',
  )
  return held ? { publicKey: held.public_key, privateKey: held.private_key } : made
}
