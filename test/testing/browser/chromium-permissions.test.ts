import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { saveChromiumPermissions } from '../../../src/testing/browser/chromium-permissions.ts'

let profile: string

beforeEach(async () => {
  profile = await mkdtemp(join(tmpdir(), 'pushwell-permissions-'))
})

afterEach(() => rm(profile, { recursive: true }))

async function savedPreferences() {
  return JSON.parse(await readFile(join(profile, 'Default', 'Preferences'), 'utf8')) as unknown
}

const withNotifications = (notifications: object, rest: object = {}) => ({
  profile: { content_settings: { exceptions: { notifications } } },
  ...rest,
})

test('choices are written beside what the preferences hold already, the last one counting', async () => {
  await mkdir(join(profile, 'Default'))
  const before = withNotifications(
    { 'http://a.example,*': { setting: 2 }, 'http://b.example,*': { setting: 1 } },
    { gcm: { kept: true } },
  )
  await writeFile(join(profile, 'Default', 'Preferences'), JSON.stringify(before))
  const choices = [
    ['http://a.example', 'prompt'],
    ['http://b.example/', 'denied'],
    ['http://localhost:8080/page', 'granted'],
  ] as const
  await saveChromiumPermissions(profile, new Map(choices))
  expect(await savedPreferences()).toEqual(
    withNotifications(
      {
        'http://b.example,*': { setting: 2, last_modified: expect.stringMatching(/^13\d{15}$/) },
        'http://localhost:8080,*': {
          setting: 1,
          last_modified: expect.stringMatching(/^13\d{15}$/),
        },
      },
      { gcm: { kept: true } },
    ),
  )
})

test('choices are written into a profile that has no preferences yet', async () => {
  await saveChromiumPermissions(profile, new Map([['http://a.example', 'granted']]))
  expect(await savedPreferences()).toMatchObject(
    withNotifications({ 'http://a.example,*': { setting: 1 } }),
  )
})

test('without a choice nothing is written', async () => {
  await saveChromiumPermissions(profile, new Map())
  await expect(savedPreferences()).rejects.toMatchObject({ code: 'ENOENT' })
})
