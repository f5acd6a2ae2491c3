import { posix } from 'node:path'
import { describe, expect, test } from 'vitest'
import { chooseBrowser } from '../../../src/testing/browser/find-browser.ts'
import type { BrowserSurroundings } from '../../../src/testing/browser/find-browser.ts'

function surroundings(
  files: readonly string[],
  changes: Partial<BrowserSurroundings> = {},
): BrowserSurroundings {
  return {
    environment: { PATH: '/usr/local/bin:/usr/bin' },
    platform: 'linux',
    delimiter: ':',
    join: (...parts) => posix.join(...parts),
    exists: (path) => files.includes(path),
    installed: [],
    ...changes,
  }
}

describe('choosing a browser', () => {
  test('takes the one that the environment names, before any other', () => {
    const files = ['/usr/bin/firefox', '/opt/nightly/firefox']
    const environment = { PATH: '/usr/bin', PUSHWELL_FIREFOX: '/opt/nightly/firefox' }
    expect(chooseBrowser('firefox', surroundings(files, { environment }))).toBe(
      '/opt/nightly/firefox',
    )
  })

  test('does not fall back when the named one is not there', () => {
    const environment = { PATH: '/usr/bin', PUSHWELL_CHROMIUM: '/nowhere/chromium' }
    const choose = (): string =>
      chooseBrowser('chromium', surroundings(['/usr/bin/chromium'], { environment }))
    expect(choose).toThrow(
      expect.objectContaining({
        code: 'browser-missing',
        message: expect.stringContaining('PUSHWELL_CHROMIUM'),
      }),
    )
  })

  test.each([
    ['firefox', ['/usr/bin/firefox-esr', '/usr/bin/firefox'], '/usr/bin/firefox'],
    ['firefox', ['/usr/bin/firefox-esr'], '/usr/bin/firefox-esr'],
    ['chromium', ['/usr/bin/google-chrome', '/usr/bin/chromium'], '/usr/bin/chromium'],
    ['chromium', ['/usr/bin/google-chrome-stable'], '/usr/bin/google-chrome-stable'],
    ['chromium', ['/usr/bin/chromium', '/usr/local/bin/chromium'], '/usr/local/bin/chromium'],
  ] as const)('looks for %s along PATH: %j', (engine, files, chosen) => {
    expect(chooseBrowser(engine, surroundings(files))).toBe(chosen)
  })

  test('knows the usual places of macOS and Windows', () => {
    const mac = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'
    expect(chooseBrowser('chromium', surroundings([mac], { platform: 'darwin' }))).toBe(mac)
    const windows = 'C:/Program Files/Mozilla Firefox/firefox.exe'
    const environment = { ProgramFiles: 'C:/Program Files' }
    expect(
      chooseBrowser('firefox', surroundings([windows], { platform: 'win32', environment })),
    ).toBe(windows)
  })

  test('takes a downloaded one last', () => {
    const installed = ['/cache/firefox']
    expect(chooseBrowser('firefox', surroundings(installed, { installed }))).toBe('/cache/firefox')
    const files = [...installed, '/usr/bin/firefox']
    expect(chooseBrowser('firefox', surroundings(files, { installed }))).toBe('/usr/bin/firefox')
  })

  test('says how to get one when there is none', () => {
    expect(() => chooseBrowser('firefox', surroundings([]))).toThrow(
      expect.objectContaining({
        code: 'browser-missing',
        message: expect.stringMatching(/apt-get install firefox-esr.*PUSHWELL_FIREFOX/),
      }),
    )
  })
})
