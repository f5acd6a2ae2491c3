import { type EventEmitter, once } from 'node:events'
import type { Desktop, LaunchedBrowser, PushService } from 'pushwell/testing'
import type { Backend } from '../server/backend.ts'
import type { StepRunner } from './steps.ts'

/** All that takes part in a trip. */
export interface TripParts {
  readonly backend: Backend
  /** Emits each request that the backend is given, as `GET /orders/42`. */
  readonly requests: EventEmitter
  readonly service: PushService
  readonly desktop: Desktop
  readonly browser: LaunchedBrowser
}

/** Milliseconds that a step may take before it counts as failed. */
const patienceMs = 30_000
const patience = { timeoutMs: patienceMs }

/**
 * Makes the whole trip of one push, as a user makes it, and checks each step where it ends: in the
 * page, in the backend's database, in the push service, on the desktop.
 *
 * @throws Whatever the step in hand failed with.
 */
export async function makeTrip(
  { backend, requests, service, desktop, browser }: TripParts,
  step: StepRunner,
): Promise<void> {
  const page = await step('page loaded', () => browser.newPage(backend.url))
  const statusIs = (...wanted: string[]) =>
    page.waitForFunction(
      (statuses) => statuses.includes(document.querySelector('#status')?.textContent ?? ''),
      { timeout: patienceMs },
      wanted,
    )

  await step('permission', async () => {
    await browser.grant(new URL(backend.url).origin)
    await page.reload()
    const permission = await page.evaluate(() => Notification.permission)
    if (permission !== 'granted') throw new Error(`The permission is ${permission}.`)
  })
  await step('worker', async () => {
    await statusIs('unsubscribed')
    const active = await page.evaluate(
      async () => (await navigator.serviceWorker.getRegistration())?.active?.state,
    )
    if (active !== 'activated') throw new Error(`The service worker is ${active}.`)
  })
  await step('subscription', async () => {
    await page.click('#enable')
    await statusIs('subscribed')
    if (!service.subscriptions.some(({ live }) => live)) {
      throw new Error('The push service knows of no subscription.')
    }
  })
  await step('stored in the backend', async () => {
    await page.waitForFunction(
      () => document.querySelector('#sync')?.textContent === 'The backend: synced.',
      { timeout: patienceMs },
    )
    const made = service.subscriptions.find(({ live }) => live)
    const records = await Array.fromAsync(backend.store.list())
    const stored = records.some(({ subscription }) => subscription.endpoint === made?.endpoint)
    if (!stored) throw new Error('The subscription is not in the database.')
  })
  // On a browser that has made the trip before, what was there before does not count.
  const earlier = new Set(service.messages.map(({ id }) => id))
  await step('message sent and accepted', async () => {
    await page.click('#send')
    await page.waitForFunction(() => document.querySelector('#report')?.textContent !== '', {
      timeout: patienceMs,
    })
    const report = await page.$eval('#report', (element) => element.textContent)
    if (report !== 'Sent to 1 device(s): 1 accepted.') throw new Error(report ?? '')
  })
  await step('received', () =>
    service.waitFor(({ id, status, code }) => {
      return !earlier.has(id) && status === 'acknowledged' && code === 100
    }, patience),
  )
  const notification = await step('shown on the desktop', () =>
    desktop.waitFor(({ title, ended }) => {
      return title === 'Order 42 is on its way' && ended === undefined
    }, patience),
  )
  await step('clicked', async () => {
    desktop.click(notification)
    // What the worker makes of the click; that the desktop took it down proves nothing.
    const signal = AbortSignal.timeout(patienceMs)
    await once(requests, 'GET /orders/42', { signal }).catch(() => {
      throw new Error(`The backend was not asked for /orders/42 within ${patienceMs} ms.`)
    })
  })
  await step('page opened', async () => {
    const url = `${backend.url}/orders/42`
    const target = await browser.puppeteer.waitForTarget((found) => found.url() === url, {
      timeout: patienceMs,
    })
    const opened = await target.page()
    if (!opened) throw new Error('The order is in no tab.')
    await opened.waitForFunction(
      () => document.querySelector('h1')?.textContent.trim() === 'Order 42',
      { timeout: patienceMs },
    )
  })
}
