import { randomUUID } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import type { Browser } from 'puppeteer-core'
import { PushwellError } from '../../shared/errors.ts'
import { startOwnedProcess } from '../desktop/owned-process.ts'
import type { OwnedProcess } from '../desktop/owned-process.ts'
import type { BrowserFolders, EngineDriver, EngineSetup } from './browser-engine.ts'
import { killProcesses } from './process-tree.ts'

/** One run of a browser, from start to end. */
export interface BrowserProcess {
  readonly pid: number
  readonly puppeteer: Browser
  /** For example `firefox/153.7`. */
  readonly version: string
  /** Ends it as its user would, so that everything is written to the profile. */
  close(): Promise<void>
  /** Ends it and all its children at once, as a crash would. */
  kill(): Promise<void>
}

/** What one run needs to start. */
export interface BrowserProcessOptions {
  executable: string
  driver: EngineDriver
  setup: EngineSetup
  folders: BrowserFolders
  /** Where `DBUS_SESSION_BUS_ADDRESS` points to. */
  busAddress: string
  environment: Readonly<Record<string, string>>
  /** How long it may take, in milliseconds. */
  timeoutMs: number
}

const markName = 'PUSHWELL_BROWSER'

/**
 * Starts a browser and connects to it.
 *
 * It is started here and not by Puppeteer: that puts the preferences of before the start back when
 * Firefox ends, and Firefox keeps its push identity in its preferences.
 *
 * @throws {@link PushwellError} `browser-failed` with the browser's own last words.
 */
export async function startBrowserProcess(options: BrowserProcessOptions): Promise<BrowserProcess> {
  const { driver, setup, executable, timeoutMs } = options
  await Promise.all(
    Object.values(options.folders).map((folder) => mkdir(folder, { recursive: true, mode: 0o700 })),
  )
  await driver.prepareProfile(setup)
  const mark = randomUUID()
  const owned = await startOwnedProcess(executable, driver.arguments(setup), {
    environment: browserEnvironment(options, mark),
    leadsGroup: true,
    errorCode: 'browser-failed',
    remedy: 'Check that it is a browser that runs on this machine.',
  })
  const kill = async (): Promise<void> => {
    owned.signal('SIGKILL')
    await owned.exited
    await killProcesses(owned.pid, `${markName}=${mark}`)
  }
  try {
    const [, endpoint = ''] = await owned.waitForLine(driver.endpointPattern, timeoutMs)
    const puppeteer = await driver.connect(endpoint)
    const version = await puppeteer.version()
    const close = (): Promise<void> => closeGracefully(owned, puppeteer, kill)
    return { pid: owned.pid, puppeteer, version, close, kill }
  } catch (error) {
    await kill()
    throw error instanceof PushwellError
      ? error
      : new PushwellError('browser-failed', 'The browser started, but could not be driven.', {
          cause: error,
        })
  }
}

/** The browser's last writes to its profile may take a while on a busy machine. */
const closeTimeoutMs = 20_000

async function closeGracefully(
  owned: OwnedProcess,
  puppeteer: Browser,
  kill: () => Promise<void>,
): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const tooLong = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, closeTimeoutMs)
  })
  // The connection breaks while the browser ends: that is no failure, its end is what counts.
  const asked = puppeteer.close().catch(() => undefined)
  await Promise.race([Promise.all([asked, owned.exited]), tooLong])
  clearTimeout(timer)
  await kill()
}

/** A home of its own, so that no setting of the user gets in and no trace gets out. */
function browserEnvironment(
  { folders, driver, busAddress, environment }: BrowserProcessOptions,
  mark: string,
): NodeJS.ProcessEnv {
  const inherited = { ...process.env }
  for (const name of Object.keys(inherited)) if (name.startsWith('XDG_')) delete inherited[name]
  return {
    ...inherited,
    HOME: folders.home,
    TMPDIR: folders.temporary,
    DBUS_SESSION_BUS_ADDRESS: busAddress,
    ...driver.environment,
    ...environment,
    [markName]: mark,
  }
}
