import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from 'puppeteer-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createPushSender, generateVapidKeys } from '../../src/server/index.ts'
import {
  type Desktop,
  type DesktopNotification,
  launchBrowser,
  startDesktop,
  startPushService,
} from '../../src/testing/index.ts'
import type { PushSubscriptionData } from '../../src/shared/subscription.ts'
import { conformanceCases, type ConformanceEngine } from '../testing/worker/conformance-cases.ts'
import {
  type ConformanceHost,
  type ConformanceMessage,
  createObservations,
  observe,
  type Observations,
} from '../testing/worker/conformance-host.ts'

/** The stock browsers that the harness is held against. */
const engines: readonly ConformanceEngine[] = ['firefox', 'chromium']

const script = new URL('../testing/worker/conformance-worker.js', import.meta.url)

async function startSite(observations: Observations) {
  const code = await readFile(script)
  const server = createServer((request, response) => {
    if (request.method === 'POST') {
      let body = ''
      request.setEncoding('utf8').on('data', (part: string) => {
        body += part
      })
      request.on('end', () => {
        response.writeHead(204).end()
        observations.take(body)
      })
      return
    }
    const isScript = request.url?.endsWith('.js')
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html')
    response.end(isScript ? code : '<!doctype html><title>Conformance</title>')
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const close = () => {
    server.closeAllConnections()
    server.close()
  }
  return { origin: `http://localhost:${(server.address() as AddressInfo).port}`, close }
}

/** Registers the worker and subscribes. */
function prepare(page: Page, applicationServerKey: string): Promise<PushSubscriptionData> {
  return page.evaluate(async (key) => {
    await navigator.serviceWorker.register('/sw.js')
    const { pushManager } = await navigator.serviceWorker.ready
    const options = { userVisibleOnly: true, applicationServerKey: key }
    const subscription = await pushManager.subscribe(options)
    return subscription.toJSON() as PushSubscriptionData
  }, applicationServerKey)
}

async function startHost(engine: ConformanceEngine, observations: Observations) {
  const parts = new AsyncDisposableStack()
  const service = parts.use(await startPushService())
  const desktop = parts.use(await startDesktop())
  const site = await startSite(observations)
  parts.defer(site.close)
  const permissions = { [site.origin]: 'granted' } as const
  const browser = parts.use(await launchBrowser(engine, { service, desktop, permissions }))
  const page = await browser.newPage(`${site.origin}/app`)
  const keys = await generateVapidKeys()
  const subscription = await prepare(page, keys.publicKey)
  const sender = createPushSender({
    vapid: { subject: 'mailto:test@pushwell.example', ...keys },
    // Those that Chromium is built with are Google's: `service.fetch` brings them to the service.
    endpoints: () => true,
    fetch: service.fetch,
  })
  const host: ConformanceHost = {
    post: (message) => post(page, message),
    push: (payload) => sender.send(subscription, payload === undefined ? null : { payload }),
    click: async (title, action) => {
      const shown = await onScreen(desktop, title)
      // Chromium keeps the action's id to itself, but shows its title.
      desktop.click(shown, action && shown.actions[0]?.title)
    },
    dismiss: async (title) => desktop.dismiss(await onScreen(desktop, title)),
  }
  return { host, dispose: () => parts.disposeAsync() }
}

/** Posts from the window that the worker controls. */
function post(page: Page, message: ConformanceMessage): Promise<void> {
  return page.evaluate(async (given) => {
    const { active } = await navigator.serviceWorker.ready
    active?.postMessage(given)
  }, message)
}

function onScreen(desktop: Desktop, title: string): Promise<DesktopNotification> {
  return desktop.waitFor((shown) => shown.title === title && shown.ended === undefined)
}

describe.each(engines)('stock %s', (engine) => {
  const observations = createObservations()
  let started: Awaited<ReturnType<typeof startHost>>
  beforeAll(async () => {
    started = await startHost(engine, observations)
  })
  afterAll(() => started?.dispose())

  test.each(conformanceCases.map((entry, index) => ({ name: entry.name, entry, id: `${index}` })))(
    '$name',
    async ({ id, entry }) => {
      const { host } = started
      expect(await observe(host, observations, entry, id)).toEqual(entry.expected[engine])
    },
  )
})
