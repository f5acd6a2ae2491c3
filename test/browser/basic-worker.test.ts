import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createPushSender, generateVapidKeys, type PushSender } from '../../src/server/index.ts'
import type { PushSubscriptionData } from '../../src/shared/subscription.ts'
import {
  type Desktop,
  launchBrowser,
  type LaunchedBrowser,
  startDesktop,
  startPushService,
} from '../../src/testing/index.ts'
import { engines } from './world.ts'

const html = `<!doctype html><title>App</title><script>
  window.subscribe = async (applicationServerKey) => {
    const { serviceWorker } = navigator
    const controlled = new Promise((resolve) => { serviceWorker.oncontrollerchange = resolve })
    const registration = await serviceWorker.register('/sw.js')
    if (!serviceWorker.controller) await controlled
    const options = { userVisibleOnly: true, applicationServerKey }
    return (await registration.pushManager.subscribe(options)).toJSON()
  }
</script>`

const script = `importScripts('/basic.js')
  addEventListener('activate', (event) => event.waitUntil(clients.claim()))
  PushwellWorker.createBasicPushWorker({ fallback: { title: 'Fallback' } })
    .on('order', { notification: ({ data }) => ({ title: 'Order ' + data.id, navigate: '/orders/' + data.id }) })
    .on('broken', { notification: () => { throw new Error('broken') } })`

describe.each(engines)('in stock %s, a basic worker', (engine) => {
  const parts = new AsyncDisposableStack()
  let desktop: Desktop
  let origin: string
  let page: Awaited<ReturnType<LaunchedBrowser['newPage']>>
  let send: (message: Parameters<PushSender['send']>[1]) => Promise<void>

  beforeAll(async () => {
    const service = parts.use(await startPushService())
    desktop = parts.use(await startDesktop())
    const basic = await readFile(
      new URL('../../dist/pushwell-sw-basic.global.js', import.meta.url),
      'utf8',
    )
    const scripts: Readonly<Record<string, string>> = { '/sw.js': script, '/basic.js': basic }
    const server = createServer(({ url = '/' }, response) => {
      response.setHeader('content-type', scripts[url] ? 'text/javascript' : 'text/html')
      response.end(scripts[url] ?? html)
    })
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve)
    })
    parts.defer(() => {
      server.closeAllConnections()
      server.close()
    })
    origin = `http://localhost:${(server.address() as AddressInfo).port}`
    const permissions = { [origin]: 'granted' } as const
    const browser = parts.use(await launchBrowser(engine, { service, desktop, permissions }))
    const keys = await generateVapidKeys()
    const sender = createPushSender({
      vapid: { subject: 'mailto:test@pushwell.example', ...keys },
      endpoints: () => true,
      fetch: service.fetch,
    })
    page = await browser.newPage(`${origin}/`)
    const subscription = await page.evaluate(
      (key) => (window as unknown as AppWindow).subscribe(key),
      keys.publicKey,
    )
    send = async (message) => {
      expect((await sender.send(subscription, message)).status).toBe('accepted')
    }
  })
  afterAll(() => parts.disposeAsync())

  const shown = (title: string) => desktop.waitFor((one) => one.title === title)
  const titlesSince = (before: number) => desktop.history.slice(before).map(({ title }) => title)

  test('shows what its route describes, and a click leads the app’s window there', async () => {
    await send({ type: 'order', data: { id: 42 } })
    desktop.click(await shown('Order 42'))
    await expect.poll(() => page.url()).toBe(`${origin}/orders/42`)
  })

  test('a click on a button leads where the button says, and no further than the app', async () => {
    const to = (title: string, navigate: string) =>
      send({ notification: { title, actions: [{ action: 'track', title: 'Track', navigate }] } })
    await to('Parcel', '/track/42')
    desktop.click(await shown('Parcel'), 'Track')
    await expect.poll(() => page.url()).toBe(`${origin}/track/42`)
    await to('Elsewhere', 'https://evil.example/')
    desktop.click(await shown('Elsewhere'), 'Track')
    await expect.poll(() => page.url()).toBe(`${origin}/`)
  })

  test('shows each message once, whatever it carries', async () => {
    const before = desktop.history.length
    await send({ type: 'broken', notification: { title: 'Own' } })
    await shown('Own')
    await send(null)
    await shown('Fallback')
    await send({ recipient: 'u1', notification: { title: 'Secret' } })
    await desktop.waitFor((one) => one.title === new URL(origin).host)
    expect(titlesSince(before)).toEqual(['Own', 'Fallback', new URL(origin).host])
  })
})

interface AppWindow {
  subscribe(key: string): Promise<PushSubscriptionData>
}
