import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from 'puppeteer-core'
import { createPushSender, generateVapidKeys, type PushSender } from '../../src/server/index.ts'
import type { PushSubscriptionData } from '../../src/shared/subscription.ts'
import type { PushService } from '../../src/testing/index.ts'

/** A site with a worker written by hand: no line of it is Pushwell's. */
export interface PlainSite extends AsyncDisposable {
  readonly origin: string
  /** Sends to the subscriptions of this site. */
  readonly sender: PushSender
  /** Subscribes the page, which is at this site. */
  subscribe(page: Page): Promise<PushSubscriptionData>
  /** Resolves to the first report of the worker that fits, made already or later. */
  reported(fits: (report: WorkerReport) => boolean): Promise<WorkerReport>
}

/** What the worker tells its site. */
export interface WorkerReport {
  readonly type: 'push' | 'notificationclick'
  readonly title: string
  readonly action?: string
  readonly reply?: string | null
}

/** What a page and its worker see of the network. */
export interface NetworkView {
  readonly page: { readonly onLine: boolean; readonly fetched: boolean }
  readonly worker: { readonly onLine: boolean; readonly fetched: boolean }
  /** The `online` and `offline` events of the page so far. */
  readonly events: readonly string[]
}

const html = `<!doctype html><title>Plain</title><script>
  const events = []
  for (const name of ['online', 'offline']) addEventListener(name, () => events.push(name))
  const ofPage = async () => {
    const fetched = await fetch('/ping?' + Math.random(), { cache: 'no-store' }).then(() => true, () => false)
    return { onLine: navigator.onLine, fetched }
  }
  window.viewNetwork = async () => {
    const { active } = await navigator.serviceWorker.ready
    const { port1, port2 } = new MessageChannel()
    const answer = new Promise((resolve) => { port1.onmessage = ({ data }) => resolve(data) })
    active.postMessage('look', [port2])
    return { page: await ofPage(), worker: await answer, events }
  }
  window.subscribe = async (applicationServerKey) => {
    await navigator.serviceWorker.register('/sw.js')
    const { pushManager } = await navigator.serviceWorker.ready
    const options = { userVisibleOnly: true, applicationServerKey }
    return (await pushManager.subscribe(options)).toJSON()
  }
</script>`

/** The worker's script. */
export const plainWorker = new URL('fixtures/plain-sw.js', import.meta.url)

interface PlainWindow {
  viewNetwork(): Promise<NetworkView>
  subscribe(key: string): Promise<PushSubscriptionData>
}

/** What the page and its worker see of the network now. */
export function viewNetwork(page: Page): Promise<NetworkView> {
  return page.evaluate(() => (window as unknown as PlainWindow).viewNetwork())
}

/** Starts the site on a free port; its sender reaches what the service handed out. */
export async function startPlainSite(service: PushService): Promise<PlainSite> {
  const keys = await generateVapidKeys()
  const reports = createReports()
  const worker = await readFile(plainWorker)
  const server = createServer((request, response) => {
    response.setHeader('cache-control', 'no-store')
    if (request.method === 'POST') {
      let body = ''
      request.setEncoding('utf8').on('data', (part: string) => (body += part))
      request.on('end', () => {
        response.writeHead(204).end()
        reports.take(JSON.parse(body) as WorkerReport)
      })
      return
    }
    const isScript = request.url === '/sw.js'
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html')
    response.end(isScript ? worker : html)
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    sender: createPushSender({
      vapid: { subject: 'mailto:test@pushwell.example', ...keys },
      // Those that Chromium is built with are Google's: `service.fetch` brings them to the service.
      endpoints: () => true,
      fetch: service.fetch,
    }),
    subscribe: (page) =>
      page.evaluate((key) => (window as unknown as PlainWindow).subscribe(key), keys.publicKey),
    reported: reports.find,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function createReports() {
  const reports: WorkerReport[] = []
  const looks = new Set<() => void>()
  return {
    take(report: WorkerReport) {
      reports.push(report)
      for (const lookAgain of looks) lookAgain()
    },
    find: (fits: (report: WorkerReport) => boolean) =>
      new Promise<WorkerReport>((resolve) => {
        const lookAgain = () => {
          const found = reports.find(fits)
          if (!found) return
          looks.delete(lookAgain)
          resolve(found)
        }
        looks.add(lookAgain)
        lookAgain()
      }),
  }
}
