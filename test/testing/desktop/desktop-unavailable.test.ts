import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { startDesktop } from '../../../src/testing/desktop/index.ts'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'pushwell-no-desktop-'))
  vi.stubEnv('TMPDIR', folder)
})

afterEach(async () => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
  await rm(folder, { recursive: true, force: true })
})

test('without dbus-daemon a desktop is unavailable, and the error says what to install', async () => {
  vi.stubEnv('PATH', folder)
  await expect(startDesktop()).rejects.toMatchObject({
    name: 'PushwellError',
    code: 'desktop-unavailable',
    message: expect.stringMatching(/dbus-daemon.*apt-get install dbus/s) as string,
  })
  expect(await readdir(folder)).toEqual([])
})

test.each(['darwin', 'win32'] as const)(
  'on %s a desktop is unavailable, and the error says what does without',
  async (platform) => {
    vi.spyOn(process, 'platform', 'get').mockReturnValue(platform)
    await expect(startDesktop()).rejects.toMatchObject({
      name: 'PushwellError',
      code: 'desktop-unavailable',
      message: expect.stringMatching(/only .* on Linux.*leave the desktop out/s) as string,
    })
    expect(await readdir(folder)).toEqual([])
  },
)
