import { rm } from 'node:fs/promises'
import type { Browser, Page } from 'puppeteer-core'
import { createBrowserContext } from './browser-context.ts'
import type { IsolatedContext } from './browser-context.ts'
import type { BrowserEngine } from './browser-engine.ts'
import type { BrowserProcessOptions } from './browser-process.ts'
import { createBrowserRuns } from './browser-runs.ts'
import type { PushRelay } from './push-relay.ts'

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
  /**
   * Opens a context with a storage, permissions and push subscriptions of its own, much faster than
   * another browser starts. It ends with the browser's run.
   *
   * @throws {@link PushwellError} `contexts-unsupported` in Chromium: its contexts are incognito, and
   * `subscribe()` there is refused whatever the permission (156).
   */
  newContext(): Promise<IsolatedContext>
  /** Lets the origin show notifications, as its user's choice: it lasts over restarts. */
  grant(origin: string): Promise<void>
  /** Forbids the origin to show notifications, as its user's choice. */
  deny(origin: string): Promise<void>
  /** Forgets the choice: the origin may ask again. */
  reset(origin: string): Promise<void>
  /**
   * Takes the whole browser off the network, or back on it: pages, workers, and the connection to
   * the push service, also to addresses of this machine, and over restarts. `navigator.onLine` and
   * its events follow. Messages wait in the push service, as their TTLs let them.
   *
   * What differs: Firefox loads whatever is in its HTTP cache, however old, as it does when it really
   * is offline, and `subscribe()` rejects; in Chromium `subscribe()` waits for the network. Back
   * online, Firefox connects to the push service at once; Chromium may take half a minute when it
   * had just connected.
   */
  setOffline(offline: boolean): Promise<void>
  /**
   * Ends every service worker that runs, at once, also in the midst of an event, as browsers do that
   * are short of memory. The next event starts it anew.
   */
  stopWorkers(): Promise<void>
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

/** What a browser is made of. */
export interface LaunchPlan {
  engine: BrowserEngine
  /** The folder that goes with `close()`. */
  root: string
  process: BrowserProcessOptions
  /** Where the push connection can be cut; none where the engine cuts it itself. */
  relay: PushRelay | undefined
}

/** Makes the face of a browser that has not been started yet. */
export function createLaunchedBrowser({
  engine,
  root,
  process,
  relay,
}: LaunchPlan): LaunchedBrowser {
  const runs = createBrowserRuns(process)
  const close = async (): Promise<void> => {
    await runs.end('close')
    await relay?.close()
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
    newContext: () => createBrowserContext(process.driver, runs),
    grant: (origin) => runs.choose(origin, 'granted'),
    deny: (origin) => runs.choose(origin, 'denied'),
    reset: (origin) => runs.choose(origin, 'prompt'),
    async setOffline(offline) {
      relay?.setOffline(offline)
      await runs.setOffline(offline)
    },
    stopWorkers: () => process.driver.stopWorkers(runs.running().puppeteer),
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
