import type { Page } from 'puppeteer-core'
import { describe, expect, test } from 'vitest'
import {
  type BrowserEngine,
  launchBrowser,
  type LaunchedBrowser,
  startPushService,
} from '../../src/testing/index.ts'
import { type RefusingService, startRefusingService } from './refusing-service.ts'
import { type Site, startSite } from './site.ts'
import { clickEnable, engines, type Outcome, openPage, useClient } from './world.ts'

/** What a case happens on. */
interface Stage {
  readonly browser: LaunchedBrowser
  readonly site: Site
  readonly refusing: RefusingService
}

/** A way in which `subscribe()` fails. */
interface Rejection {
  readonly name: string
  /** Gives the page whose button is clicked. */
  readonly arrange: (stage: Stage) => Promise<Page>
  /** What the client makes of it, with what the browser itself says as the cause. */
  readonly outcome: { readonly [Engine in BrowserEngine]?: Outcome }
}

/**
 * All that the two engines can be brought to, as Firefox 153 and Chromium 156 say it (Push API §7.1
 * leaves the words to them). What else fails here fails before it comes to `subscribe()`: a key that
 * is none, a permission that is denied or was not asked for in a click, another worker than wanted
 * (subscription.test.ts). A worker that is gone is registered again (repair.test.ts). A private
 * window of Firefox subscribes as any other does.
 */
const rejections: readonly Rejection[] = [
  {
    name: 'a push service that answers with an error',
    arrange: ({ browser, site }) => openPage({ browser, site }),
    outcome: {
      firefox: failed('AbortError: Error retrieving push subscription.'),
      chromium: failed('AbortError: Registration failed - push service error'),
    },
  },
  {
    name: 'a push service that does not answer',
    arrange: ({ browser, site, refusing }) => {
      refusing.answer = 'nothing'
      return openPage({ browser, site }, { timeoutMs: 1500 })
    },
    outcome: { firefox: late(1500), chromium: late(1500) },
  },
  {
    name: 'a push service that is down',
    arrange: async ({ browser, site, refusing }) => {
      await refusing.close()
      // Chromium tries again, for minutes. Firefox gives up after ten seconds if it was connected
      // before, with an AbortError, and else waits.
      return openPage({ browser, site }, { timeoutMs: 1500 })
    },
    outcome: { firefox: late(1500), chromium: late(1500) },
  },
  {
    name: 'an incognito window, where notifications seem to be allowed',
    arrange: async ({ browser, site }) => {
      const context = await browser.puppeteer.createBrowserContext()
      await context.overridePermissions(site.origin, ['notifications'])
      const page = await context.newPage()
      await page.goto(site.origin)
      await useClient(page, site)
      return page
    },
    outcome: {
      chromium: {
        error: {
          name: 'PushwellError',
          code: 'push-service-off',
          message: expect.stringContaining('private windows') as string,
          remedy: 'leave-private-browsing',
          cause: 'AbortError: Registration failed - permission denied',
        },
      },
    },
  },
]

function failed(cause: string): Outcome {
  const message = expect.stringContaining('push service failed') as string
  const remedy = 'check-network'
  return { error: { name: 'PushwellError', code: 'push-service-failed', message, remedy, cause } }
}

function late(timeoutMs: number): Outcome {
  const message = `subscribe() did not finish within ${timeoutMs} ms.`
  return { error: { name: 'PushwellError', code: 'timeout', message, remedy: 'check-network' } }
}

describe.each(engines)('in stock %s,', (engine) => {
  test.each(rejections.filter(({ outcome }) => outcome[engine]))(
    '$name gives a code and a remedy',
    async ({ arrange, outcome }) => {
      await using service = await startPushService()
      await using refusing = await startRefusingService(service)
      await using site = await startSite(() => true)
      await using browser = await launchBrowser(engine, {
        service: refusing.service,
        permissions: { [site.origin]: 'granted' },
      })
      const page = await arrange({ browser, site, refusing })
      expect(await clickEnable(page)).toMatchObject(outcome[engine] ?? {})
    },
  )
})
