import { PushwellError } from '../../shared/errors.ts'
import type { NotificationPermissionChoice } from './browser-engine.ts'
import { startBrowserProcess } from './browser-process.ts'
import type { BrowserProcess, BrowserProcessOptions } from './browser-process.ts'

/** The runs of one browser on one profile: at most one at a time. */
export interface BrowserRuns {
  /** The current run; throws when there is none. */
  running(): BrowserProcess
  start(): Promise<void>
  end(how: 'close' | 'kill'): Promise<void>
  choose(origin: string, choice: NotificationPermissionChoice): Promise<void>
  /** Takes this run and those after it off the network, or puts them back on it. */
  setOffline(offline: boolean): Promise<void>
}

/** Makes the runs of a browser that has not been started yet. */
export function createBrowserRuns(options: BrowserProcessOptions): BrowserRuns {
  const { driver, folders } = options
  let current: BrowserProcess | undefined
  let setup = options.setup
  let isOffline = false
  /** Puts the current run back on the network. */
  let goOnline: (() => Promise<void>) | undefined
  /** What was chosen in this run: a crash may lose it before it is written. */
  const choices = new Map<string, NotificationPermissionChoice>()
  const running = (): BrowserProcess => {
    if (current) return current
    throw new PushwellError('browser-failed', 'The browser is not running: call start() first.')
  }
  return {
    running,
    async start() {
      if (current) return
      setup = { ...options.setup, offline: isOffline }
      current = await startBrowserProcess({ ...options, setup })
      if (isOffline) goOnline = await driver.goOffline(current.puppeteer, setup)
    },
    async end(how) {
      const ending = current
      // From the first moment on there is none to use.
      current = undefined
      goOnline = undefined
      await ending?.[how]()
      if (how === 'kill') await driver.savePermissions(folders.profile, choices)
      choices.clear()
    },
    async choose(origin, choice) {
      await driver.setPermission(running().puppeteer, origin, choice)
      choices.set(origin, choice)
    },
    async setOffline(offline) {
      isOffline = offline
      if (!current) return
      if (offline) goOnline ??= await driver.goOffline(current.puppeteer, setup)
      else {
        const back = goOnline
        goOnline = undefined
        await back?.()
      }
    },
  }
}
