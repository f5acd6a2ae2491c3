import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

/** What a worker tells of one push: moments in milliseconds since 1970, to five microseconds. */
export interface PushReport {
  /** The push event came. */
  readonly event: number
  /** `showNotification` was called. */
  readonly call: number
  /** It was through. */
  readonly shown: number
}

/** Workers side by side, each on a scope of its own, that tell what they did when. */
export interface WorkerSite extends AsyncDisposable {
  readonly origin: string
  /**
   * Resolves with the next report of a worker.
   *
   * @throws Error when none comes within ten seconds.
   */
  report(side: string): Promise<PushReport>
}

/** Stands before everything in each worker. */
const prelude = `
if (!crossOriginIsolated) throw new Error('The clock is too coarse.')
const now = () => performance.timeOrigin + performance.now()
addEventListener('push', (event) => {
  const moments = {}
  const { registration } = self
  const show = ServiceWorkerRegistration.prototype.showNotification
  const telling = new Promise((resolve) => {
    registration.showNotification = (...given) => {
      moments.call ??= now()
      const showing = show.apply(registration, given)
      showing.then(() => {
        moments.shown ??= now()
        resolve()
      })
      return showing
    }
  })
  const tell = () => fetch('/report' + new URL(registration.scope).pathname, {
    method: 'POST', body: JSON.stringify(moments) })
  event.waitUntil(telling.then(tell))
  moments.event = now()
})`

/** A worker that does no more than it must, as apps write it by hand. */
export const floorWorker = `
addEventListener('push', (event) => {
  const { title, ...options } = event.data.json().notification
  event.waitUntil(registration.showNotification(title, options))
})
addEventListener('notificationclick', (event) => {
  event.notification.close()
  event.waitUntil(clients.openWindow('/'))
})`

const patienceMs = 10_000

/** Of isolated origins the clocks go in steps of five microseconds, of others in a hundred. */
const isolated = {
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-opener-policy': 'same-origin',
}

/** One worker of the site: the script that it imports after the one that measures, and its own. */
export interface SideScripts {
  readonly imports: string
  readonly own: string
}

/** Starts the site on a free port, with a worker for each side. */
export async function startWorkerSite(
  sides: Readonly<Record<string, SideScripts>>,
): Promise<WorkerSite> {
  const files: Record<string, string> = { '/prelude.js': prelude }
  for (const [side, { imports, own }] of Object.entries(sides)) {
    files[`/${side}/imports.js`] = imports
    files[`/${side}/sw.js`] = `importScripts('/prelude.js', 'imports.js')\n${own}`
  }
  const waiting = new Map<string, (report: PushReport) => void>()
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const { pathname } = new URL(request.url ?? '', 'http://localhost')
    const [, side] = /^\/report\/([\w-]+)\/$/.exec(pathname) ?? []
    const script = files[pathname]
    if (side !== undefined) {
      const report = JSON.parse(await text(request)) as PushReport
      response.writeHead(204).end()
      waiting.get(side)?.(report)
    } else if (script !== undefined) {
      response.writeHead(200, { ...isolated, 'content-type': 'text/javascript' }).end(script)
    } else {
      response
        .writeHead(200, { ...isolated, 'content-type': 'text/html' })
        .end('<!doctype html><title>W</title>')
    }
  }
  const server = createServer((request, response) => void answer(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    report: (side) =>
      new Promise((resolve, reject) => {
        const giveUp = () => reject(new Error(`Worker ${side} said nothing.`))
        const timer = setTimeout(giveUp, patienceMs)
        waiting.set(side, (report) => {
          clearTimeout(timer)
          waiting.delete(side)
          resolve(report)
        })
      }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
