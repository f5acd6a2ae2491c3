import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { test } from 'node:test'
import { launchBrowser, startDesktop, startPushService } from 'pushwell/testing'
import webPush from 'web-push'

const { publicKey, privateKey } = webPush.generateVAPIDKeys()

/** The app: any page that registers `sw.js`. */
async function startApp() {
  const script = await readFile(new URL('sw.js', import.meta.url))
  const app = createServer((request, response) => {
    const isScript = request.url === '/sw.js'
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html')
    response.end(isScript ? script : '<!doctype html><title>App</title>')
  })
  await new Promise((resolve) => {
    app.listen(0, '127.0.0.1', resolve)
  })
  return app
}

/** What the app does in the page. */
async function subscribe(applicationServerKey) {
  await navigator.serviceWorker.register('/sw.js')
  const { pushManager } = await navigator.serviceWorker.ready
  const subscription = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey })
  return subscription.toJSON()
}

/** What the backend does; `service.fetch` also knows Chromium's endpoints, which name Google. */
async function send(service, subscription, message) {
  const { endpoint, method, headers, body } = webPush.generateRequestDetails(
    subscription,
    JSON.stringify(message),
    { TTL: 60, vapidDetails: { subject: 'mailto:ops@example.com', publicKey, privateKey } },
  )
  const { 'Content-Length': _, ...rest } = headers
  return service.fetch(endpoint, { method, headers: rest, body })
}

for (const engine of ['firefox', 'chromium']) {
  await test(`in ${engine} a message is shown, and a click opens its page`, async (context) => {
    const app = await startApp()
    const service = await startPushService()
    const desktop = await startDesktop()
    const browser = await launchBrowser(engine, { service, desktop })
    context.after(async () => {
      await browser.close()
      await desktop.close()
      await service.close()
      app.closeAllConnections()
      app.close()
    })

    const origin = `http://localhost:${app.address().port}`
    await browser.grant(origin)
    const page = await browser.newPage(origin)
    const subscription = await page.evaluate(subscribe, publicKey)
    const { status } = await send(service, subscription, {
      title: 'Order shipped',
      url: '/orders/1',
    })
    assert.equal(status, 201)

    const shown = await desktop.waitFor(({ title }) => title === 'Order shipped')
    assert.equal(shown.body, 'You have news.')
    desktop.click(shown)
    await browser.puppeteer.waitForTarget((target) => target.url() === `${origin}/orders/1`)
  })
}
