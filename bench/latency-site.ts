import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A page that subscribes, and a worker that tells of each push event as soon as it has it. */
export interface LatencySite extends AsyncDisposable {
  readonly origin: string
  /**
   * Resolves with the moment (`performance.now()`) at which the worker's word on a message came.
   *
   * @throws Error when it does not come within ten seconds.
   */
  arrival(id: string): Promise<number>
}

const worker = `
addEventListener('push', (event) => event.waitUntil(fetch('/at?id=' + event.data.text())))`

const page = `<!doctype html><title>Latency</title><script>
async function subscribe(applicationServerKey) {
  await navigator.serviceWorker.register('/sw.js')
  const { pushManager } = await navigator.serviceWorker.ready
  return (await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey })).toJSON()
}
</script>`

const patienceMs = 10_000

/** Starts the site on a free port. */
export async function startLatencySite(): Promise<LatencySite> {
  const waiting = new Map<string, (at: number) => void>()
  const server = createServer((request, response) => {
    const at = performance.now()
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost')
    if (pathname === '/at') {
      response.writeHead(204).end()
      waiting.get(searchParams.get('id') ?? '')?.(at)
    } else if (pathname === '/sw.js') {
      response.writeHead(200, { 'content-type': 'text/javascript' }).end(worker)
    } else response.writeHead(200, { 'content-type': 'text/html' }).end(page)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    arrival: (id) =>
      new Promise((resolve, reject) => {
        const giveUp = () => reject(new Error(`Message ${id} did not come.`))
        const timer = setTimeout(giveUp, patienceMs)
        waiting.set(id, (at) => {
          clearTimeout(timer)
          waiting.delete(id)
          resolve(at)
        })
      }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
