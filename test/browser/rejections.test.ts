import type { Page } from 'puppeteer-core'
import { describe, expect, test } from 'vitest'
import {
  type BrowserEngine,
  launchBrowser,
  type LaunchBrowserOptions,
  type LaunchedBrowser,
  startPushService,
} from '../../src/testing/index.ts'
import { type RefusingService, startRefusingService } from './refusing-service.ts'
import { type Site, startSite } from './site.ts'
import { call, clickEnable, engines, openPage, type Outcome } from './world.ts'

/** What a case happens on. */
interface Stage {
  readonly browser: LaunchedBrowser
  readonly site: Site
  readonly refusing: RefusingService
}

/** A way in which `subscribe()` fails, what the browser says, and what the client makes of it. */
interface Rejection {
  readonly name: string
  /** Gives the page whose button is clicked. */
  readonly arrange: (stage: Stage) => Promise<Page>
  readonly launch?: LaunchBrowserOptions
  readonly outcome: { readonly [Engine in BrowserEngine]?: Outcome }
}

const rejections: readonly Rejection[] = [
  {
    name: 'the push service answers with an error',
    arrange: ({ browser, site }) => openPage({ browser, site }),
    outcome: { firefox: {}, chromium: {} },
  },
  {
    name: 'the push service does not answer',
    arrange: ({ browser, site, refusing }) => {
      refusing.answer = 'nothing'
      return openPage({ browser, site }, { timeoutMs: 1500 })
    },
    outcome: { firefox: {}, chromium: {} },
  },
  {
    name: 'the push service is down',
    arrange: async ({ browser, site, refusing }) => {
      await refusing.close()
      return openPage({ browser, site })
    },
    outcome: { firefox: {}, chromium: {} },
  },
  {
    name: 'the worker was unregistered',
    arrange: async ({ browser, site }) => {
      const page = await openPage({ browser, site })
      await call(page, 'prepare')
      await page.evaluate(async () => {
        const registration = await navigator.serviceWorker.getRegistration()
        await registration?.unregister()
      })
      return page
    },
    outcome: { firefox: {}, chromium: {} },
  },
  {
    name: 'in an incognito window, where notifications seem to be allowed',
    arrange: async ({ browser, site }) => {
      const context = await browser.puppeteer.createBrowserContext()
      await context.overridePermissions(site.origin, ['notifications'])
      const page = await context.newPage()
      await page.goto(site.origin)
      await page.evaluate((given) => (window as any).use(given), {
        applicationServerKey: site.keys.publicKey,
      })
      return page
    },
    outcome: { chromium: {} },
  },
  {
    name: 'in a private window',
    launch: { preferences: { 'browser.privatebrowsing.autostart': true } },
    arrange: ({ browser, site }) => openPage({ browser, site }),
    outcome: { firefox: {} },
  },
]

describe.each(engines)('in stock %s,', (engine) => {
  test.each(rejections.filter(({ outcome }) => outcome[engine]))('$name', async (rejection) => {
    await using service = await startPushService()
    await using refusing = await startRefusingService(service)
    await using site = await startSite(() => true)
    await using browser = await launchBrowser(engine, {
      ...rejection.launch,
      service: refusing.service,
      permissions: { [site.origin]: 'granted' },
    })
    const page = await rejection.arrange({ browser, site, refusing })
    const start = performance.now()
    const state = await call(page, 'prepare')
    const outcome = await clickEnable(page)
    console.log(
      engine,
      rejection.name,
      Math.round(performance.now() - start),
      JSON.stringify([state, outcome]),
    )
    expect(outcome).toMatchObject(rejection.outcome[engine] ?? {})
  })
})
