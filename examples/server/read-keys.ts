import type { VapidKeys } from 'pushwell/server'
import type { Database } from './database.ts'

/** Gives the VAPID key pairs that the database holds, the newest first. */
export function readKeys(database: Database): Promise<readonly VapidKeys[]> {
  return database.query<VapidKeys>(
    `SELECT public_key AS "publicKey", private_key AS "privateKey"
     FROM vapid_keys ORDER BY generation DESC`,
  )
}
