import type { Browser } from 'puppeteer-core'

/** The browsers that can be found and launched. */
export type BrowserEngine = 'firefox' | 'chromium'

/** What a user decided about a page's notifications; `prompt` is no decision yet. */
export type NotificationPermissionChoice = 'granted' | 'denied' | 'prompt'

/** The part of a push service that a browser must be told about. */
export interface BrowserPushService {
  firefoxPreferences(): Record<string, PreferenceValue>
  chromiumSwitches(): readonly string[]
}

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
