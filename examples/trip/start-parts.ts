import { EventEmitter } from 'node:events'
import { type Fetch, pushServiceHosts } from 'pushwell/server'
import {
  type BrowserEngine,
  launchBrowser,
  type PushService,
  startDesktop,
  startPushService,
} from 'pushwell/testing'
import { startBackend } from '../server/backend.ts'
import type { TripParts } from './trip.ts'

/** How the parts are started. */
export interface PartsOptions {
  readonly engine: BrowserEngine
  /** Where the backend answers; 0 for any free port. */
  readonly port: number
  readonly environment: NodeJS.ProcessEnv
  /** Ends the start after the part that is being started. */
  readonly signal?: AbortSignal
}

/** Starts all that takes part in a trip, each to be disposed of with the stack. */
export async function startParts(
  stack: AsyncDisposableStack,
  { engine, port, environment, signal }: PartsOptions,
): Promise<TripParts> {
  const service = stack.use(await startPushService())
  signal?.throwIfAborted()
  const desktop = stack.use(await startDesktop())
  signal?.throwIfAborted()
  const requests = new EventEmitter()
  const backend = await startBackend({
    database: environment['DATABASE_URL'] ?? 'memory:',
    port,
    environment,
    endpoints: { hosts: [service.url, ...pushServiceHosts] },
    fetch: localFirst(service),
    onRequest: ({ method, url }) => requests.emit(`${method} ${new URL(url).pathname}`),
  })
  stack.defer(() => backend.close())
  signal?.throwIfAborted()
  const browser = stack.use(await launchBrowser(engine, { service, desktop }))
  return { service, desktop, backend, requests, browser }
}

/**
 * Sends to the local service what it handed out, and all else where it says: a browser of the
 * user's own, at the page that is left to try by hand, has its own push service.
 */
function localFirst(service: PushService): Fetch {
  return (url, init) => {
    const local = service.subscriptions.some(({ endpoint }) => endpoint === url)
    return local ? service.fetch(url, init) : fetch(url, init)
  }
}
