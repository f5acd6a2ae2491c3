import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { saveFirefoxPermissions } from '../../../src/testing/browser/firefox-permissions.ts'

let profile: string

beforeEach(async () => {
  profile = await mkdtemp(join(tmpdir(), 'pushwell-test-'))
})

afterEach(() => rm(profile, { recursive: true }))

/** The table as Firefox 153 makes it. */
function makeDatabase(): void {
  using database = new DatabaseSync(join(profile, 'permissions.sqlite'))
  database.exec(`CREATE TABLE moz_perms (id INTEGER PRIMARY KEY, origin TEXT, type TEXT,
    permission INTEGER, expireType INTEGER, expireTime INTEGER, modificationTime INTEGER);
    INSERT INTO moz_perms VALUES (1, 'http://a.test', 'desktop-notification', 2, 0, 0, 5);
    INSERT INTO moz_perms VALUES (2, 'http://a.test', 'camera', 2, 0, 0, 5)`)
}

function readPermissions(): unknown[] {
  using database = new DatabaseSync(join(profile, 'permissions.sqlite'))
  const rows = database.prepare(
    'SELECT origin, type, permission FROM moz_perms ORDER BY origin, id',
  )
  return rows.all().map(({ origin, type, permission }) => [origin, type, permission])
}

describe('saving permissions into a Firefox profile', () => {
  test('writes each choice once, and touches no other permission', async () => {
    makeDatabase()
    const choices = new Map([
      ['http://a.test', 'granted'],
      ['http://b.test/', 'denied'],
    ] as const)
    await saveFirefoxPermissions(profile, choices)
    await saveFirefoxPermissions(profile, choices)
    expect(readPermissions()).toEqual([
      ['http://a.test', 'camera', 2],
      ['http://a.test', 'desktop-notification', 1],
      ['http://b.test', 'desktop-notification', 2],
    ])
  })

  test('removes what was reset', async () => {
    makeDatabase()
    await saveFirefoxPermissions(profile, new Map([['http://a.test', 'prompt']]))
    expect(readPermissions()).toEqual([['http://a.test', 'camera', 2]])
  })

  test('does nothing in a profile that has none yet', async () => {
    await saveFirefoxPermissions(profile, new Map([['http://a.test', 'granted']]))
    makeDatabase()
    expect(readPermissions()).toHaveLength(2)
  })
})
