import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { NotificationPermissionChoice } from './browser-engine.ts'

/** `nsIPermissionManager.ALLOW_ACTION` and `DENY_ACTION`. */
const permissionValues = { granted: 1, denied: 2 } as const

/**
 * Writes choices into the permission database of a profile that no Firefox uses.
 *
 * WebDriver BiDi's `permissions.setPermission` makes a lasting choice, but answers before Firefox has
 * written it: of the browsers that were killed right after a grant, a third had lost it (153).
 */
export async function saveFirefoxPermissions(
  profile: string,
  choices: ReadonlyMap<string, NotificationPermissionChoice>,
): Promise<void> {
  const path = join(profile, 'permissions.sqlite')
  if (choices.size === 0 || !existsSync(path)) return
  const { DatabaseSync } = await import('node:sqlite')
  const database = new DatabaseSync(path)
  try {
    const remove = database.prepare(
      `DELETE FROM moz_perms WHERE origin = ? AND type = 'desktop-notification'`,
    )
    const insert = database.prepare(
      `INSERT INTO moz_perms (origin, type, permission, expireType, expireTime, modificationTime)
       VALUES (?, 'desktop-notification', ?, 0, 0, ?)`,
    )
    for (const [url, choice] of choices) {
      const { origin } = new URL(url)
      remove.run(origin)
      if (choice !== 'prompt') insert.run(origin, permissionValues[choice], Date.now())
    }
  } finally {
    database.close()
  }
}
