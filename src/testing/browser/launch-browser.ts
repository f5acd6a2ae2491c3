import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { typeError } from '../../shared/errors.ts'
import type {
  BrowserEngine,
  BrowserFolders,
  BrowserPushService,
  EngineDriver,
  PreferenceValue,
} from './browser-engine.ts'
import type { BrowserProcessOptions } from './browser-process.ts'
import { chromium } from './chromium.ts'
import { findBrowser } from './find-browser.ts'
import { firefox } from './firefox.ts'
import { createLaunchedBrowser } from './launched-browser.ts'
import type { LaunchedBrowser } from './launched-browser.ts'
import { openPushRelay } from './push-relay.ts'

/** How {@link launchBrowser} starts a browser. All of it has defaults. */
export interface LaunchBrowserOptions {
  /** The push service that it subscribes at; without one, the browser's own. */
  service?: BrowserPushService
  /** The desktop that it shows notifications on; without one, the browser draws its own. */
  desktop?: { readonly address: string }
  /** @default true */
  headless?: boolean
  /**
   * A profile folder to use and to keep; Firefox's `user.js` in it is overwritten.
   *
   * @default a new one, removed by `close()`
   */
  profile?: string
  /** What the user has decided before, by origin. */
  permissions?: Readonly<Record<string, 'granted' | 'denied'>>
  /** Firefox's preferences (`about:config`) by name; they win over all others. */
  preferences?: Readonly<Record<string, PreferenceValue>>
  /** Chromium's switches (`--lang=de`); the last of a name wins, so these do over all others. */
  switches?: readonly string[]
  /** Variables to add to the browser's environment. */
  environment?: Readonly<Record<string, string>>
  /**
   * The program to start.
   *
   * @default what {@link findBrowser} finds
   */
  executable?: string
  /**
   * Downloads the browser when none is found, as {@link findBrowser} does.
   *
   * @default false
   */
  download?: boolean
  /**
   * How long a start may take, in milliseconds.
   *
   * @default 60_000
   */
  timeoutMs?: number
}

const drivers: Readonly<Record<BrowserEngine, EngineDriver>> = { chromium, firefox }

/**
 * Launches a stock browser on a profile of its own.
 *
 * @throws {@link PushwellError} `browser-missing` when there is none on this machine, `browser-failed`
 * when it does not start.
 */
export async function launchBrowser(
  engine: BrowserEngine,
  options: LaunchBrowserOptions = {},
): Promise<LaunchedBrowser> {
  const { permissions = {}, download = false } = options
  if (!Object.hasOwn(drivers, engine)) {
    throw typeError(
      'invalid-argument',
      `engine must be one of ${Object.keys(drivers).join(', ')}; got ${engine as string}.`,
    )
  }
  const driver = drivers[engine]
  const executable = options.executable ?? (await findBrowser(engine, { download }))
  const root = await mkdtemp(join(tmpdir(), 'pushwell-browser-'))
  const folders: BrowserFolders = {
    profile: resolve(options.profile ?? join(root, 'profile')),
    home: join(root, 'home'),
    temporary: join(root, 'tmp'),
  }
  const relay =
    options.service && driver.needsPushRelay
      ? await openPushRelay(Number(new URL(options.service.url).port))
      : undefined
  const process = processOptions(driver, executable, folders, options)
  if (relay) process.setup.servicePort = relay.port
  const browser = createLaunchedBrowser({ engine, root, process, relay })
  try {
    await browser.start()
    for (const [origin, choice] of Object.entries(permissions)) {
      await (choice === 'granted' ? browser.grant(origin) : browser.deny(origin))
    }
    return browser
  } catch (error) {
    await browser.close()
    throw error
  }
}

function processOptions(
  driver: EngineDriver,
  executable: string,
  folders: BrowserFolders,
  options: LaunchBrowserOptions,
): BrowserProcessOptions {
  const { service, desktop, headless = true, environment = {} } = options
  const { preferences = {}, switches = [] } = options
  return {
    executable,
    driver,
    folders,
    // Without a desktop the browser must not find the one of whoever runs this either.
    busAddress: desktop?.address ?? 'disabled:',
    environment,
    timeoutMs: options.timeoutMs ?? 60_000,
    setup: {
      profile: folders.profile,
      headless,
      hasDesktop: desktop !== undefined,
      service,
      preferences,
      switches,
    },
  }
}
