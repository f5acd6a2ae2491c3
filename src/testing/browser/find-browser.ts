import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { PushwellError } from '../../shared/errors.ts'
import type { BrowserEngine } from './browser-engine.ts'
import { browserCache, downloadBrowser, downloadNames } from './download-browser.ts'
import type { DownloadBrowserOptions } from './download-browser.ts'

/** Where this runs, as far as finding a browser depends on it. */
export interface BrowserSurroundings {
  environment: Readonly<Record<string, string | undefined>>
  platform: NodeJS.Platform
  /** What lies between the folders of `PATH`. */
  delimiter: string
  /** Joins the parts of a path as the platform does. */
  join(...parts: string[]): string
  /** Whether there is a file at the path that can be run. */
  exists(path: string): boolean
  /** Paths of the browsers that `@puppeteer/browsers` has installed, the best first. */
  installed: readonly string[]
}

interface EnginePlaces {
  variable: string
  commands: readonly string[]
  mac: readonly string[]
  windows: readonly string[]
  debian: string
}

const places: Readonly<Record<BrowserEngine, EnginePlaces>> = {
  firefox: {
    variable: 'PUSHWELL_FIREFOX',
    commands: ['firefox', 'firefox-esr'],
    mac: ['/Applications/Firefox.app/Contents/MacOS/firefox'],
    windows: ['Mozilla Firefox/firefox.exe'],
    debian: 'firefox-esr',
  },
  chromium: {
    variable: 'PUSHWELL_CHROMIUM',
    commands: ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'],
    mac: [
      '/Applications/Chromium.app/Contents/MacOS/Chromium',
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    ],
    windows: ['Chromium/Application/chrome.exe', 'Google/Chrome/Application/chrome.exe'],
    debian: 'chromium',
  },
}

/**
 * Gives every path to look at, in order: what the environment variable names, `PATH`, the platform's
 * usual places, what `@puppeteer/browsers` installed.
 */
function browserCandidates(
  engine: BrowserEngine,
  surroundings: Omit<BrowserSurroundings, 'exists'>,
): string[] {
  const { environment, platform } = surroundings
  const { variable, commands, mac, windows } = places[engine]
  const named = environment[variable]
  // A named browser is an order: falling back to another one would test the wrong thing unnoticed.
  if (named) return [named]
  const folders = (environment['PATH'] ?? '').split(surroundings.delimiter).filter(Boolean)
  const suffix = platform === 'win32' ? '.exe' : ''
  const programs = ['ProgramFiles', 'ProgramFiles(x86)', 'LOCALAPPDATA']
    .map((name) => environment[name])
    .filter((folder) => folder !== undefined)
  return [
    ...commands.flatMap((command) =>
      folders.map((folder) => surroundings.join(folder, command + suffix)),
    ),
    ...(platform === 'darwin' ? mac : []),
    ...(platform === 'win32'
      ? programs.flatMap((folder) => windows.map((path) => surroundings.join(folder, path)))
      : []),
    ...surroundings.installed,
  ]
}

/**
 * Chooses the browser to launch.
 *
 * @throws {@link PushwellError} `browser-missing`, with what to do.
 */
export function chooseBrowser(engine: BrowserEngine, surroundings: BrowserSurroundings): string {
  const found = browserCandidates(engine, surroundings).find((path) => surroundings.exists(path))
  if (found !== undefined) return found
  const { variable, debian } = places[engine]
  throw new PushwellError(
    'browser-missing',
    surroundings.environment[variable]
      ? `${variable} names no file that can be run. Set it to the path of the browser itself.`
      : `No ${engine} was found. Install one (Debian: apt-get install ${debian}; anywhere: npx @puppeteer/browsers install ${downloadNames[engine]}@stable --path ~/.cache/puppeteer), set ${variable} to its path, or let the option download fetch one.`,
  )
}

/** What {@link findBrowser} may do beyond looking. */
export interface FindBrowserOptions {
  /**
   * Downloads the stable version with the package `@puppeteer/browsers` when none is found: hundreds
   * of megabytes, once, into Puppeteer's cache. A browser that the environment names is never
   * replaced by a download.
   *
   * @default false
   */
  download?: boolean
}

/**
 * Finds the browser to launch on this machine. It looks at what `PUSHWELL_FIREFOX` or
 * `PUSHWELL_CHROMIUM` names, along `PATH`, at the platform's usual places, and at what
 * `@puppeteer/browsers` has installed, in this order.
 *
 * @returns The path of the program.
 * @throws {@link PushwellError} `browser-missing`, with what to do.
 */
export function findBrowser(
  engine: BrowserEngine,
  { download = false }: FindBrowserOptions = {},
): Promise<string> {
  return findOrDownload(engine, process.env, download ? {} : null)
}

/**
 * Finds a browser, else downloads it.
 *
 * @param download - How; `null` for never.
 */
export async function findOrDownload(
  engine: BrowserEngine,
  environment: BrowserSurroundings['environment'],
  download: DownloadBrowserOptions | null,
): Promise<string> {
  const installed = await installedByPuppeteer(engine, browserCache(environment))
  try {
    return chooseBrowser(engine, {
      environment,
      platform: process.platform,
      delimiter,
      join,
      exists: isExecutable,
      installed,
    })
  } catch (error) {
    if (download === null || environment[places[engine].variable]) throw error
    return downloadBrowser(engine, download)
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

async function installedByPuppeteer(engine: BrowserEngine, cacheDir: string): Promise<string[]> {
  try {
    const { Browser, getInstalledBrowsers } = await import('@puppeteer/browsers')
    const wanted = { firefox: Browser.FIREFOX, chromium: Browser.CHROME }[engine]
    const installed = await getInstalledBrowsers({ cacheDir })
    return installed
      .filter(({ browser }) => browser === wanted)
      .map(({ executablePath }) => executablePath)
      .toReversed()
  } catch {
    // Not installed, or nothing cached yet: one place less to look at.
    return []
  }
}
