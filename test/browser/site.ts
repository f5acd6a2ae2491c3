import { readFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { serve, type ServerType } from '@hono/node-server'
import { Hono } from 'hono'
import { type Database, openDatabase } from '../../examples/server/database.ts'
import { migrate } from '../../examples/server/migrations.ts'
import { createPostgresStore } from '../../examples/server/postgres-store.ts'
import {
  createSubscriptionHandler,
  type EndpointPolicy,
  generateVapidKeys,
  type SubscriptionRecord,
  type SubscriptionStore,
  type VapidKeys,
} from '../../src/server/index.ts'

/** A web app with its backend, as a browser sees them, and a look into its database. */
export interface Site extends AsyncDisposable {
  readonly origin: string
  readonly keys: VapidKeys
  /** The key that the backend wants subscriptions to have. */
  wantedKey: string
  readonly store: SubscriptionStore
  /** Answers the sync protocol with this status and no more, while set. */
  failing: number | null
  /** The database's rows, read anew. */
  rows(): Promise<SubscriptionRecord[]>
  /** Resolves once the backend has answered a PUT or DELETE after which the rows fit. */
  waitForRows(fit: (rows: readonly SubscriptionRecord[]) => boolean): Promise<SubscriptionRecord[]>
}

const distribution = new URL('../../dist/', import.meta.url)
const fixtures = new URL('fixtures/', import.meta.url)

const files: Readonly<Record<string, readonly [URL, string]>> = {
  '/page.js': [new URL('page.js', fixtures), 'text/javascript'],
  '/sw.js': [new URL('sw.js', fixtures), 'text/javascript'],
  '/wrong-type.js': [new URL('sw.js', fixtures), 'text/plain'],
  '/broken.js': [new URL('broken.js', fixtures), 'text/javascript'],
  '/pushwell.global.js': [new URL('pushwell.global.js', distribution), 'text/javascript'],
  '/pushwell-sw.global.js': [new URL('pushwell-sw.global.js', distribution), 'text/javascript'],
}

/** Starts the app on a free port; `endpoints` says where subscriptions may point to. */
export async function startSite(endpoints: EndpointPolicy): Promise<Site> {
  const database = await openDatabase('memory:')
  await migrate(database)
  const store = createPostgresStore(database)
  const keys = await generateVapidKeys()
  const looks = new Set<() => void>()
  const handlerFor = (applicationServerKey: string) =>
    createSubscriptionHandler({
      store,
      applicationServerKey,
      path: '/push',
      authorize: () => ({ recipient: 'alice' }),
      endpoints,
    })
  const app = new Hono()
  app.all('/push/*', async (context) => {
    if (site.failing !== null) return new Response('', { status: site.failing })
    const response = await handlerFor(site.wantedKey)(context.req.raw)
    for (const look of looks) look()
    return response
  })
  app.get('*', async (context) => {
    const [file, type] = files[context.req.path] ?? []
    if (file && type)
      return new Response(await readFile(file), { headers: { 'content-type': type } })
    if (context.req.path.endsWith('.js')) return context.notFound()
    return context.html('<!doctype html><title>App</title><script src="/page.js"></script>')
  })
  const server = await listen(app)
  const rows = () => Array.fromAsync(store.list())
  const site: Site = {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    keys,
    wantedKey: keys.publicKey,
    store,
    failing: null,
    rows,
    waitForRows: (fit) =>
      new Promise((resolve, reject) => {
        const look = async () => {
          const found = await rows()
          if (!fit(found)) return
          looks.delete(tell)
          resolve(found)
        }
        const tell = () => {
          look().catch(reject)
        }
        looks.add(tell)
        tell()
      }),
    [Symbol.asyncDispose]: () => close(server, database),
  }
  return site
}

function listen(app: Hono): Promise<ServerType> {
  return new Promise((resolve) => {
    const options = { fetch: app.fetch, port: 0, hostname: '127.0.0.1' }
    const server = serve(options, () => resolve(server))
  })
}

async function close(server: ServerType, database: Database): Promise<void> {
  await new Promise((resolve) => {
    server.close(resolve)
    if ('closeAllConnections' in server) server.closeAllConnections()
  })
  await database.close()
}
