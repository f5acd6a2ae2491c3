import { PushwellError } from '../src/shared/errors.ts'
import {
  browserCache,
  downloadBrowser,
  downloadNames,
} from '../src/testing/browser/download-browser.ts'
import { findBrowser } from '../src/testing/browser/find-browser.ts'
import type { BrowserEngine } from '../src/testing/browser/index.ts'
import { aptGet, canUseApt, outputOf } from './apt-get.ts'

/** What real-browser tests need and this machine has not. */
interface Missing {
  engines: BrowserEngine[]
  /** Debian packages of what a desktop is made of, and of programs that were asked for. */
  libraries: string[]
}

const packages: Readonly<Record<BrowserEngine, string>> = {
  firefox: 'firefox-esr',
  chromium: 'chromium',
}

/**
 * Makes sure that the browsers are there, and on Linux what shows their notifications: installs what
 * is missing with apt-get where it may, else downloads the browsers into Puppeteer's cache.
 *
 * @param programs - Commands that are needed too, each in a Debian package of its own name.
 * @throws {@link PushwellError} `browser-missing`, with the command to run, when neither works.
 */
export async function ensureBrowsers(
  engines: readonly BrowserEngine[],
  log: (line: string) => void,
  programs: readonly string[] = [],
): Promise<void> {
  let missing = await findMissing(engines, programs)
  if (isComplete(missing)) return
  if (await canUseApt()) {
    await installWithApt(missing, log)
    missing = await findMissing(engines, programs)
  }
  for (const engine of missing.engines) {
    await downloadBrowser(engine, { log }).catch((error: Error) => log(error.message))
  }
  missing = await findMissing(engines, programs)
  if (!isComplete(missing)) throw stillMissing(missing)
}

function isComplete({ engines, libraries }: Missing): boolean {
  return engines.length === 0 && libraries.length === 0
}

async function findMissing(
  engines: readonly BrowserEngine[],
  programs: readonly string[],
): Promise<Missing> {
  const found = await Promise.all(
    engines.map((engine) =>
      findBrowser(engine).then(
        () => true,
        (error: unknown) => {
          // A browser that was asked for by its path is not ours to install.
          if (process.env[`PUSHWELL_${engine.toUpperCase()}`]) throw error
          return false
        },
      ),
    ),
  )
  const missing: Missing = { engines: engines.filter((_, index) => !found[index]), libraries: [] }
  for (const program of programs) {
    if (!(await outputOf(program, ['--version']))) missing.libraries.push(program)
  }
  if (process.platform !== 'linux') return missing
  // Firefox loads libnotify when it shows the first notification, and fails without it.
  const hasLibnotify = (await outputOf('ldconfig', ['-p'])).includes('libnotify.so.4')
  if (engines.includes('firefox') && !hasLibnotify) missing.libraries.push('libnotify4')
  if (!(await outputOf('dbus-daemon', ['--version']))) missing.libraries.push('dbus')
  return missing
}

async function installWithApt(missing: Missing, log: (line: string) => void): Promise<void> {
  try {
    await aptGet(['update', '--quiet=2'])
    const wanted = [...missing.libraries]
    for (const engine of missing.engines) {
      // Ubuntu has no such packages, only snaps: a download does instead.
      if (await outputOf('apt-cache', ['show', packages[engine]])) wanted.push(packages[engine])
    }
    if (wanted.length === 0) return
    log(`Installing ${wanted.join(', ')} with apt-get.`)
    await aptGet(['install', '--yes', '--quiet=2', '--no-install-recommends', ...wanted])
  } catch (error) {
    log(`apt-get could not do it: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function stillMissing({ engines, libraries }: Missing): PushwellError {
  const debian = [...libraries, ...engines.map((engine) => packages[engine])]
  const elsewhere = engines.map(
    (engine) =>
      `\n  npx @puppeteer/browsers install ${downloadNames[engine]}@stable --path "${browserCache(process.env)}"`,
  )
  return new PushwellError(
    'browser-missing',
    `Missing for tests in real browsers: ${debian.join(', ')}. On Debian run, as root:\n  apt-get update && apt-get install -y --no-install-recommends ${debian.join(' ')}${
      elsewhere.length > 0 ? `\nElsewhere:${elsewhere.join('')}` : ''
    }`,
  )
}
