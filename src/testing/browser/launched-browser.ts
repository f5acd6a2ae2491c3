import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Browser, Page } from 'puppeteer-core'
import { PushwellError, typeError } from '../../shared/errors.ts'
import type {
  BrowserEngine,
  BrowserFolders,
  BrowserPushService,
  EngineDriver,
  NotificationPermissionChoice,
  PreferenceValue,
} from './browser-engine.ts'
import { startBrowserProcess } from './browser-process.ts'
import type { BrowserProcess, BrowserProcessOptions } from './browser-process.ts'
import { chromium } from './chromium.ts'
import { findBrowser } from './find-browser.ts'
import { firefox } from './firefox.ts'

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
   * How long a start may take.
   *
   * @default 60_000
   */
  timeoutMs?: number
}

/** A stock browser with a profile and a home of its own. */
export interface LaunchedBrowser extends AsyncDisposable {
  readonly engine: BrowserEngine
  /** The connection to the running browser; another one after each start. */
  readonly puppeteer: Browser
  readonly pid: number
  /** For example `firefox/153.7` or `Chrome/156.0.8078.79`. */
  readonly version: string
  readonly profile: string
  /** Opens a tab, and the address in it. */
  newPage(url?: string): Promise<Page>
  /** Lets the origin show notifications, as its user's choice: it lasts over restarts. */
  grant(origin: string): Promise<void>
  /** Forbids the origin to show notifications, as its user's choice. */
  deny(origin: string): Promise<void>
  /** Forgets the choice: the origin may ask again. */
  reset(origin: string): Promise<void>
  /** Ends the browser as its user would and starts it again on the same profile. */
  restart(): Promise<void>
  /**
   * Ends the browser and all its children at once, as a crash would. The profile stays as it is:
   * what Chromium had not written yet, also a subscription of the last ten seconds, is lost.
   */
  kill(): Promise<void>
  /** Starts it again after `kill()`. */
  start(): Promise<void>
  /** Ends the browser: no process and no folder of its own stays. */
  close(): Promise<void>
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
  const { permissions = {} } = options
  if (!Object.hasOwn(drivers, engine)) {
    throw typeError(
      'invalid-argument',
      `engine must be one of ${Object.keys(drivers).join(', ')}; got ${engine as string}.`,
    )
  }
  const driver = drivers[engine]
  const executable = options.executable ?? (await findBrowser(engine))
  const root = await mkdtemp(join(tmpdir(), 'pushwell-browser-'))
  const folders: BrowserFolders = {
    profile: resolve(options.profile ?? join(root, 'profile')),
    home: join(root, 'home'),
    temporary: join(root, 'tmp'),
  }
  const browser = createLaunchedBrowser({
    engine,
    root,
    process: processOptions(driver, executable, folders, options),
  })
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

interface LaunchPlan {
  engine: BrowserEngine
  /** The folder that goes with `close()`. */
  root: string
  process: BrowserProcessOptions
}

function createLaunchedBrowser({ engine, root, process }: LaunchPlan): LaunchedBrowser {
  const runs = createRuns(process)
  const close = async (): Promise<void> => {
    await runs.end('close')
    await rm(root, { recursive: true, force: true, maxRetries: 5 })
  }
  return {
    engine,
    profile: process.folders.profile,
    get puppeteer() {
      return runs.running().puppeteer
    },
    get pid() {
      return runs.running().pid
    },
    get version() {
      return runs.running().version
    },
    async newPage(url) {
      const page = await runs.running().puppeteer.newPage()
      if (url !== undefined) await page.goto(url)
      return page
    },
    grant: (origin) => runs.choose(origin, 'granted'),
    deny: (origin) => runs.choose(origin, 'denied'),
    reset: (origin) => runs.choose(origin, 'prompt'),
    async restart() {
      runs.running()
      await runs.end('close')
      await runs.start()
    },
    kill: () => runs.end('kill'),
    start: () => runs.start(),
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** The runs of one browser on one profile: at most one at a time. */
interface Runs {
  /** The current run; throws when there is none. */
  running(): BrowserProcess
  start(): Promise<void>
  end(how: 'close' | 'kill'): Promise<void>
  choose(origin: string, choice: NotificationPermissionChoice): Promise<void>
}

function createRuns(options: BrowserProcessOptions): Runs {
  const { driver, folders } = options
  let current: BrowserProcess | undefined
  /** What was chosen in this run: a crash may lose it before it is written. */
  const choices = new Map<string, NotificationPermissionChoice>()
  const running = (): BrowserProcess => {
    if (current) return current
    throw new PushwellError('browser-failed', 'The browser is not running: call start() first.')
  }
  return {
    running,
    async start() {
      current ??= await startBrowserProcess(options)
    },
    async end(how) {
      const ending = current
      // From the first moment on there is none to use.
      current = undefined
      await ending?.[how]()
      if (how === 'kill') await driver.savePermissions(folders.profile, choices)
      choices.clear()
    },
    async choose(origin, choice) {
      await driver.setPermission(running().puppeteer, origin, choice)
      choices.set(origin, choice)
    },
  }
}
