import type { Browser } from 'puppeteer-core'

/** The browsers that can be found and launched. */
export type BrowserEngine = 'firefox' | 'chromium'

/** What a user decided about a page's notifications; `prompt` is no decision yet. */
export type NotificationPermissionChoice = 'granted' | 'denied' | 'prompt'

/** The part of a push service that a browser must be told about. */
export interface BrowserPushService {
  /** Where it listens: `http://localhost:PORT`. */
  readonly url: string
  firefoxPreferences(): Record<string, PreferenceValue>
  /** @param port - The port on 127.0.0.1 that leads to the service, when it is not its own. */
  chromiumSwitches(port?: number): readonly string[]
}

/** What a preference of Firefox can hold. */
export type PreferenceValue = string | number | boolean

/** The folders of one browser; all of them are absolute paths. */
export interface BrowserFolders {
  profile: string
  home: string
  temporary: string
}

/** What the engine needs to know to prepare a profile and a command line. */
export interface EngineSetup {
  profile: string
  headless: boolean
  hasDesktop: boolean
  service: BrowserPushService | undefined
  /** The port on 127.0.0.1 that leads to the service; its own unless given. */
  servicePort?: number
  /** Whether it is to start off the network. */
  offline?: boolean
  /** Firefox's. */
  preferences: Readonly<Record<string, PreferenceValue>>
  /** Chromium's. */
  switches: readonly string[]
}

/** How one engine is launched and told things: the table of these is all that tells engines apart. */
export interface EngineDriver {
  /** Writes what must be in the profile before the start. */
  prepareProfile(setup: EngineSetup): Promise<void>
  arguments(setup: EngineSetup): string[]
  /** Variables that only this engine needs. */
  readonly environment: Readonly<Record<string, string>>
  /** The line of output that says where the browser listens; its first group is the address. */
  readonly endpointPattern: RegExp
  /** Connects to the address that was found in the output. */
  connect(endpoint: string): Promise<Browser>
  /** Why this engine has no contexts that can subscribe; `null` when it has. */
  readonly contextsRefused: string | null
  /**
   * Whether {@link goOffline} leaves the connection to the push service as it is, so that it has to
   * be cut on its way.
   */
  readonly needsPushRelay: boolean
  /** Takes the browser off the network. Resolves to what puts it back. */
  goOffline(browser: Browser, setup: EngineSetup): Promise<() => Promise<void>>
  /** Ends every service worker that runs, also in the midst of an event. */
  stopWorkers(browser: Browser): Promise<void>
  setPermission(
    browser: Browser,
    origin: string,
    choice: NotificationPermissionChoice,
  ): Promise<void>
  /**
   * Writes choices into the profile of a browser that does not run: those that it may not have
   * written itself before it was killed.
   */
  savePermissions(
    profile: string,
    choices: ReadonlyMap<string, NotificationPermissionChoice>,
  ): Promise<void>
}
