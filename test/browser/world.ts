import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { Page } from 'puppeteer-core'
import { createPushSender, isPublicEndpoint, type PushSender } from '../../src/server/index.ts'
import {
  type BrowserEngine,
  type Desktop,
  type DesktopNotification,
  launchBrowser,
  type LaunchedBrowser,
  type PushService,
  startDesktop,
  startPushService,
} from '../../src/testing/index.ts'
import { type Site, startSite } from './site.ts'

/** All that a push passes through, on this machine. */
export interface World extends AsyncDisposable {
  readonly service: PushService
  readonly desktop: Desktop
  readonly site: Site
  readonly browser: LaunchedBrowser
  readonly sender: PushSender
}

/** The browsers that every promise is shown in. */
export const engines: readonly BrowserEngine[] = ['firefox', 'chromium']

/**
 * Starts a world with a browser in which the site may show notifications.
 *
 * @param database - The backend's, as `openDatabase` takes it; a new PGlite in memory without it.
 */
export async function startWorld(
  engine: BrowserEngine = 'firefox',
  database?: string,
): Promise<World> {
  const parts = new AsyncDisposableStack()
  try {
    const service = parts.use(await startPushService())
    const desktop = parts.use(await startDesktop())
    // Firefox's endpoints are the service's own, Chromium's are Google's: `service.fetch` knows both.
    const endpoints = (url: URL) => url.origin === service.url || isPublicEndpoint(url)
    const site = parts.use(await startSite(endpoints, database))
    const permissions = { [site.origin]: 'granted' } as const
    const browser = parts.use(await launchBrowser(engine, { service, desktop, permissions }))
    const sender = createPushSender({
      vapid: { subject: 'mailto:test@pushwell.example', ...site.keys },
      endpoints,
      fetch: service.fetch,
    })
    const dispose = () => parts.disposeAsync()
    return { service, desktop, site, browser, sender, [Symbol.asyncDispose]: dispose }
  } catch (error) {
    await parts.disposeAsync()
    throw error
  }
}

/** What a call of the client came to, as it leaves the page. */
export interface Outcome {
  /** What the call gave, as JSON has it. */
  readonly value?: unknown
  readonly state?: { readonly status: string; readonly [member: string]: unknown }
  readonly error?: {
    readonly name: string
    readonly code: string
    readonly message: string
    readonly remedy?: string
    /** Name and message of what the browser said. */
    readonly cause?: string
  }
}

/** A message or a click that a page was told of. */
export interface Heard {
  readonly id?: string
  readonly action?: string
  readonly reply?: string
  readonly elected?: boolean
}

/** The functions of `fixtures/page.js`. */
export interface FixtureWindow {
  /** Makes the client `push`. */
  use(options: object): void
  readonly push: {
    readonly state: { readonly status: string }
    onChange(listener: () => void): () => void
    enable(): Promise<object>
  }
  /** Calls a method of the client. */
  call(method: string, ...parameters: readonly unknown[]): Promise<Outcome>
  /** Keeps in `heard` what the client tells of a type from now on. */
  hear(method: 'onMessage' | 'onClick', type: string): void
  readonly heard: readonly Heard[]
  /** Where the page's router was led; it has one with the option `hasRouter`. */
  readonly routed: readonly string[]
  /** What the last click on the button came to. */
  outcome: Promise<object>
}

/** Opens the app with a client of its own. */
export async function openPage(
  { browser, site }: Pick<World, 'browser' | 'site'>,
  options: object = {},
): Promise<Page> {
  const page = await browser.newPage(site.origin)
  await useClient(page, site, options)
  return page
}

/** Makes the client of a page that is at the site. */
export async function useClient(page: Page, site: Site, options: object = {}): Promise<void> {
  await page.evaluate((given) => (window as unknown as FixtureWindow).use(given), {
    applicationServerKey: site.keys.publicKey,
    ...options,
  })
}

/** Calls a method of the page's client. */
export function call(
  page: Page,
  method: 'prepare' | 'disable' | 'identify' | 'forget' | 'setTags' | 'postpone' | 'diagnose',
  ...given: readonly unknown[]
): Promise<Outcome> {
  return page.evaluate(
    (name, parameters) => (window as unknown as FixtureWindow).call(name, ...parameters),
    method,
    given,
  )
}

/** Calls `enable()` from a real click. */
export async function clickEnable(page: Page): Promise<Outcome> {
  await page.click('button')
  return page.evaluate(() => (window as unknown as FixtureWindow).outcome as Promise<Outcome>)
}

/** Subscribes the world's browser, and gives the row that the backend keeps of it. */
export async function subscribe(world: World) {
  const page = await openPage(world)
  const { state } = await clickEnable(page)
  const [row] = await world.site.rows()
  if (state?.['sync'] !== 'synced' || !row) throw new Error('The browser is not subscribed.')
  return { page, row, subscription: row.subscription }
}

/** Gives the subscription of the page's registration, as JSON; `null` without one. */
export function heldSubscription(page: Page): Promise<PushSubscriptionJSON | null> {
  return page.evaluate(async () => {
    const registration = await navigator.serviceWorker.getRegistration()
    const held = await registration?.pushManager.getSubscription()
    return held?.toJSON() ?? null
  })
}

/** Sends a message whose notification cannot be confused with another, and waits for it. */
export async function showMarker(world: World, title: string): Promise<DesktopNotification> {
  const [row] = await world.site.rows()
  if (!row) throw new Error('Nobody is subscribed.')
  await world.sender.send(row.subscription, { type: 'text', data: { title } })
  return world.desktop.waitFor((notification) => notification.title === title)
}

/**
 * Waits until the browser's profile holds its subscription: Firefox writes it at once, Chromium
 * within ten seconds, and a crash before that takes it away.
 */
export async function subscriptionIsSaved({ browser, site }: World): Promise<void> {
  if (browser.engine !== 'chromium') return
  const path = join(browser.profile, 'Default', 'Preferences')
  const deadline = Date.now() + 30_000
  while (!(await readSubscribers(path)).includes(site.origin)) {
    if (Date.now() > deadline) throw new Error('Chromium has not saved the subscription.')
    await setTimeout(100)
  }
}

async function readSubscribers(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch(() => '{}')
  const { gcm } = JSON.parse(text) as { gcm?: { push_messaging_application_id_map?: object } }
  return JSON.stringify(gcm?.push_messaging_application_id_map ?? {})
}
