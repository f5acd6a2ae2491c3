import type { Page } from 'puppeteer-core'
import { expect, test } from 'vitest'
import { startBackend } from '../../examples/server/backend.ts'
import type { CampaignProgress } from '../../examples/server/campaigns/campaign-progress.ts'
import { isPublicEndpoint } from '../../src/server/index.ts'
import { launchBrowser, startDesktop, startPushService } from '../../src/testing/index.ts'
import { campaign } from '../prove/campaign.proof.ts'
import { until } from '../prove/until.ts'
import { engines } from './world.ts'

// The long run is `npm run prove -- campaign`.
test('a campaign reaches every subscription whichever workers are killed, and none that was written down again', async () => {
  expect(await campaign.run({ count: 500, seed: 1 })).toMatchObject({
    failures: 0,
    gone: 5,
    lost: 0,
    repeatedAfterMark: 0,
  })
}, 300_000)

test('the browsers that are subscribed get a campaign’s message, and one that unsubscribes in its midst does not', async () => {
  await using stack = new AsyncDisposableStack()
  const service = stack.use(await startPushService())
  /** Held up: the requests to an endpoint, until it resolves. */
  const held = new Map<string, Promise<void>>()
  const backend = await startBackend({
    database: 'memory:',
    port: 0,
    environment: {},
    endpoints: (url) => url.origin === service.url || isPublicEndpoint(url),
    fetch: async (url, init) => {
      await held.get(url)
      return service.fetch(url, init)
    },
  })
  stack.defer(() => backend.close())
  const origin = new URL(backend.url).origin
  const devices = await Promise.all(
    engines.map(async (engine) => {
      const desktop = stack.use(await startDesktop())
      const permissions = { [origin]: 'granted' } as const
      const browser = stack.use(await launchBrowser(engine, { service, desktop, permissions }))
      const page = await browser.newPage(backend.url)
      await textIs(page, '#status', 'unsubscribed')
      await page.click('#enable')
      await textIs(page, '#sync', 'The backend: synced.')
      const endpoint = await page.evaluate(async () => {
        const registration = await navigator.serviceWorker.getRegistration()
        return (await registration?.pushManager.getSubscription())?.endpoint ?? ''
      })
      return { desktop, page, endpoint }
    }),
  )
  const admin = { Authorization: `Bearer ${backend.adminToken}` }
  const send = async (title: string) => {
    const response = await fetch(`${backend.url}/campaigns`, {
      method: 'POST',
      headers: {
        ...admin,
        'Content-Type': 'application/json',
        'Idempotency-Key': title.replaceAll(' ', '-'),
      },
      body: JSON.stringify({ audience: { all: true }, notification: { title } }),
    })
    return ((await response.json()) as { id: string }).id
  }
  const progressOf = async (id: string) => {
    const response = await fetch(`${backend.url}/campaigns/${id}`, { headers: admin })
    return (await response.json()) as CampaignProgress
  }
  const isDone = async (id: string) => (await progressOf(id)).state === 'done'

  const first = await send('The first')
  await Promise.all(
    devices.map(({ desktop }) => desktop.waitFor(({ title }) => title === 'The first')),
  )
  await until(() => isDone(first), 20_000)
  expect(await progressOf(first)).toMatchObject({ planned: 2, outcomes: { accepted: 2, gone: 0 } })

  await until(async () => (await progressOf(first)).receipts['shown'] === 2, 20_000)

  const [leaving = expect.unreachable(), staying = expect.unreachable()] = devices
  const unsubscribed = Promise.withResolvers<void>()
  held.set(leaving.endpoint, unsubscribed.promise)
  const second = await send('The second')
  await staying.desktop.waitFor(({ title }) => title === 'The second')
  await leaving.page.click('#disable')
  await textIs(leaving.page, '#status', 'unsubscribed')
  unsubscribed.resolve()
  await until(() => isDone(second), 20_000)
  expect(await progressOf(second)).toMatchObject({ planned: 2, outcomes: { accepted: 1, gone: 1 } })

  const third = await send('The third')
  await staying.desktop.waitFor(({ title }) => title === 'The third')
  await until(() => isDone(third), 20_000)
  expect(await progressOf(third)).toMatchObject({ planned: 1, outcomes: { accepted: 1 } })
  const shown = (device: typeof leaving) => device.desktop.history.map(({ title }) => title)
  expect(shown(leaving)).toEqual(['The first'])
  expect(shown(staying)).toEqual(['The first', 'The second', 'The third'])
}, 120_000)

async function textIs(page: Page, selector: string, wanted: string): Promise<void> {
  await page.waitForFunction(
    (where, text) => document.querySelector(where)?.textContent === text,
    { timeout: 30_000 },
    selector,
    wanted,
  )
}
