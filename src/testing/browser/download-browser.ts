import { homedir } from 'node:os'
import { join } from 'node:path'
import type * as puppeteerBrowsers from '@puppeteer/browsers'
import { PushwellError } from '../../shared/errors.ts'
import type { BrowserEngine } from './browser-engine.ts'
import { isMissingPackage } from '../missing-package.ts'

/** What of `@puppeteer/browsers` a download takes. */
export type BrowserInstaller = Pick<
  typeof puppeteerBrowsers,
  'Browser' | 'detectBrowserPlatform' | 'install' | 'resolveBuildId'
>

/** The engines' names for `@puppeteer/browsers`. */
export const downloadNames = { firefox: 'firefox', chromium: 'chrome' } as const

/** How a browser is downloaded. */
export interface DownloadBrowserOptions {
  /**
   * Called before the download begins, with a sentence that names it.
   *
   * @default writes it to standard error
   */
  log?: (line: string) => void
  /** @default the package `@puppeteer/browsers` */
  loadInstaller?: () => Promise<BrowserInstaller>
  /** @default `PUPPETEER_CACHE_DIR`, else `~/.cache/puppeteer` */
  folder?: string
}

/**
 * Downloads the stable version of a browser, hundreds of megabytes, into Puppeteer's cache, where
 * {@link findBrowser} finds it from then on. One that is there already is not downloaded again.
 *
 * @returns The path of the program.
 * @throws {@link PushwellError} `browser-missing`, with the cause, when that does not work.
 */
export async function downloadBrowser(
  engine: BrowserEngine,
  options: DownloadBrowserOptions = {},
): Promise<string> {
  const { log = (line) => void process.stderr.write(`${line}\n`) } = options
  const { loadInstaller = () => import('@puppeteer/browsers') } = options
  const { folder = browserCache(process.env) } = options
  const installer = await loadInstaller().catch((cause: unknown) => {
    if (!isMissingPackage(cause)) throw cause
    throw failed('that needs the package @puppeteer/browsers', cause)
  })
  const platform = installer.detectBrowserPlatform()
  if (!platform) throw failed('there is none for this platform')
  const { Browser } = installer
  const browser = { firefox: Browser.FIREFOX, chromium: Browser.CHROME }[engine]
  try {
    const buildId = await installer.resolveBuildId(browser, platform, 'stable')
    log(`Downloading ${browser} ${buildId} into ${folder}.`)
    const installed = await installer.install({ browser, buildId, platform, cacheDir: folder })
    return installed.executablePath
  } catch (error) {
    throw failed(error instanceof Error ? error.message : String(error), error)
  }
  function failed(reason: string, cause?: unknown): PushwellError {
    return new PushwellError('browser-missing', `No ${engine} could be downloaded: ${reason}.`, {
      cause,
    })
  }
}

/** Gives the folder where Puppeteer keeps the browsers that it downloads. */
export function browserCache(environment: Readonly<Record<string, string | undefined>>): string {
  return environment['PUPPETEER_CACHE_DIR'] ?? join(homedir(), '.cache', 'puppeteer')
}
