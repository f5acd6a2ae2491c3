import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import {
  type BrowserInstaller,
  downloadBrowser,
} from '../../../src/testing/browser/download-browser.ts'
import { findOrDownload } from '../../../src/testing/browser/find-browser.ts'

/** Installs nothing, and keeps what it was asked. */
function fakeInstaller(changes: object = {}) {
  const installed = { executablePath: '/cache/the-browser' }
  const installer = {
    Browser: { FIREFOX: 'firefox', CHROME: 'chrome' },
    detectBrowserPlatform: vi.fn(() => 'linux'),
    resolveBuildId: vi.fn(() => Promise.resolve('153.0')),
    install: vi.fn(() => Promise.resolve(installed)),
    ...changes,
  }
  const lines: string[] = []
  const options = {
    folder: '/cache',
    log: (line: string) => void lines.push(line),
    loadInstaller: () => Promise.resolve(installer as unknown as BrowserInstaller),
  }
  return { installer, lines, options }
}

describe('downloading a browser', () => {
  test.each([
    ['firefox', 'firefox'],
    ['chromium', 'chrome'],
  ] as const)(
    'takes the stable %s, says so before, and gives the program',
    async (engine, browser) => {
      const { installer, lines, options } = fakeInstaller()
      expect(await downloadBrowser(engine, options)).toBe('/cache/the-browser')
      expect(installer.resolveBuildId).toHaveBeenCalledWith(browser, 'linux', 'stable')
      const wanted = { browser, buildId: '153.0', platform: 'linux', cacheDir: '/cache' }
      expect(installer.install).toHaveBeenCalledWith(wanted)
      expect(lines).toEqual([`Downloading ${browser} 153.0 into /cache.`])
    },
  )

  const missing = Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' })

  test.each([
    [
      'the network is gone',
      { resolveBuildId: () => Promise.reject(new Error('no route')) },
      /no route/,
    ],
    ['the disk is full', { install: () => Promise.reject(new Error('ENOSPC')) }, /ENOSPC/],
    ['there is none for the platform', { detectBrowserPlatform: () => undefined }, /platform/],
  ])('fails with the reason when %s', async (_, changes, message) => {
    const { options } = fakeInstaller(changes)
    await expect(downloadBrowser('firefox', options)).rejects.toMatchObject({
      code: 'browser-missing',
      message: expect.stringMatching(message) as string,
    })
  })

  test('names the package that it needs, only when that is what is missing', async () => {
    const download = (reason: Error) => {
      const loadInstaller = () => Promise.reject(reason)
      return downloadBrowser('firefox', { loadInstaller })
    }
    await expect(download(missing)).rejects.toMatchObject({
      code: 'browser-missing',
      message: expect.stringContaining('@puppeteer/browsers') as string,
    })
    const broken = new Error('broken')
    await expect(download(broken)).rejects.toBe(broken)
  })
})

describe('finding a browser that may be downloaded', () => {
  let empty: string
  beforeAll(async () => {
    empty = await mkdtemp(path.join(tmpdir(), 'pushwell-find-'))
  })
  afterAll(() => rm(empty, { recursive: true, force: true }))

  const nowhere = () => ({ PATH: empty, PUPPETEER_CACHE_DIR: empty })

  // The usual places of macOS and Windows are looked at too, and are not this test's to empty.
  const elsewhere = process.platform !== 'linux'

  test.skipIf(elsewhere)('downloads it when there is none', async () => {
    const { options } = fakeInstaller()
    expect(await findOrDownload('firefox', nowhere(), options)).toBe('/cache/the-browser')
  })

  test.skipIf(elsewhere)('does not unless it was told to', async () => {
    await expect(findOrDownload('chromium', nowhere(), null)).rejects.toMatchObject({
      code: 'browser-missing',
      message: expect.stringContaining('option download') as string,
    })
  })

  test('takes the one that is there', async () => {
    const { installer, options } = fakeInstaller()
    const environment = { ...nowhere(), PUSHWELL_FIREFOX: process.execPath }
    expect(await findOrDownload('firefox', environment, options)).toBe(process.execPath)
    expect(installer.install).not.toHaveBeenCalled()
  })

  test('never puts a download in the place of one that the environment names', async () => {
    const { installer, options } = fakeInstaller()
    const environment = { ...nowhere(), PUSHWELL_CHROMIUM: path.join(empty, 'chromium') }
    await expect(findOrDownload('chromium', environment, options)).rejects.toMatchObject({
      message: expect.stringContaining('PUSHWELL_CHROMIUM') as string,
    })
    expect(installer.install).not.toHaveBeenCalled()
  })
})
