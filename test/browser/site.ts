import { readFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { type HttpBindings, serve, type ServerType } from '@hono/node-server'
import { type Context, Hono } from 'hono'
import { openDatabase } from '../../examples/server/database.ts'
import { migrate } from '../../examples/server/migrations.ts'
import {
  createPostgresStore,
  createSubscriptionHandler,
  type EndpointPolicy,
  generateVapidKeys,
  type Receipt,
  type SubscriptionRecord,
  type SubscriptionStore,
  type VapidKeys,
} from '../../src/server/index.ts'
import { describeRequest } from './describe-request.ts'

/**
 * What can go wrong with a backend: a status (with `Retry-After` in seconds), a page where an answer
 * should be, no answer before the request is worked on (`hang`) or after it (`stalled`), a connection
 * that breaks before (`cut`) or after (`lost`).
 */
export type SiteFault =
  | number
  | { readonly status: number; readonly retryAfter: number }
  | 'html'
  | 'hang'
  | 'stalled'
  | 'cut'
  | 'lost'

/** A request of the sync protocol. */
export interface SiteRequest {
  readonly method: string
  readonly path: string
  /** Milliseconds since 1970. */
  readonly at: number
  /** What it was answered; `null` when it was not. */
  readonly status: number | null
  /** Whether the backend worked on it, whatever the browser heard of that. */
  readonly worked: boolean
  /** What it was about, in words without an endpoint. */
  readonly summary: string
}

/** A request of a button. */
export interface SitePost {
  /** What it is told by when it comes again. */
  readonly key: string | undefined
  readonly body: unknown
  /** Whether it came with the page's cookie. */
  readonly hasCookie: boolean
}

/** A web app with its backend, as a browser sees them, and a look into its database. */
export interface Site extends AsyncDisposable {
  readonly origin: string
  readonly keys: VapidKeys
  /** The key that the backend wants subscriptions to have. */
  wantedKey: string
  readonly store: SubscriptionStore
  /** How the sync protocol is answered instead, while set. */
  failing: SiteFault | null
  /** Who is signed in: what `authorize` says. `null` has no credentials and gets 401. */
  user: string | null
  /** What every page is. */
  html: string
  /** Scripts by path, beside the app's own or in their place. */
  readonly scripts: Map<string, string>
  /** What buttons have requested at `/requests`, in order. */
  readonly posts: SitePost[]
  /** Each request of the sync protocol, also those that failed, in order. */
  readonly requests: SiteRequest[]
  /** What became of messages, as the browser has told it, in order. */
  readonly receipts: Receipt[]
  /** The database's rows, read anew. */
  rows(): Promise<SubscriptionRecord[]>
  /** Resolves once the backend has answered a PUT or DELETE after which the rows fit. */
  waitForRows(fit: (rows: readonly SubscriptionRecord[]) => boolean): Promise<SubscriptionRecord[]>
  /** Resolves with the first request that fits, once it is in `requests`. */
  waitForRequest(fit: (request: SiteRequest) => boolean): Promise<SiteRequest>
  /** Closes the port: connections are refused. */
  stop(): Promise<void>
  /** Opens the same port again. */
  start(): Promise<void>
}

const distribution = new URL('../../dist/', import.meta.url)
const fixtures = new URL('fixtures/', import.meta.url)

const files: Readonly<Record<string, readonly [URL, string]>> = {
  '/page.js': [new URL('page.js', fixtures), 'text/javascript'],
  '/sw.js': [new URL('sw.js', fixtures), 'text/javascript'],
  '/routes.js': [new URL('sw.js', fixtures), 'text/javascript'],
  '/parts-sw.js': [new URL('parts-sw.js', fixtures), 'text/javascript'],
  '/foreground-sw.js': [new URL('foreground-sw.js', fixtures), 'text/javascript'],
  '/wrong-type.js': [new URL('sw.js', fixtures), 'text/plain'],
  '/broken.js': [new URL('broken.js', fixtures), 'text/javascript'],
  '/pushwell.global.js': [new URL('pushwell.global.js', distribution), 'text/javascript'],
  '/pushwell-sw.global.js': [new URL('pushwell-sw.global.js', distribution), 'text/javascript'],
}

/**
 * Starts the app on a free port.
 *
 * @param endpoints - Where subscriptions may point to.
 * @param where - The database, as `openDatabase` takes it.
 */
export async function startSite(endpoints: EndpointPolicy, where = 'memory:'): Promise<Site> {
  const database = await openDatabase(where)
  await migrate(database)
  const store = createPostgresStore(database)
  const keys = await generateVapidKeys()
  const looks = new Set<() => void>()
  const handlerFor = (applicationServerKey: string) =>
    createSubscriptionHandler({
      store,
      applicationServerKey,
      path: '/push',
      authorize: () => (site.user === null ? null : { recipient: site.user }),
      endpoints,
      onReceipts: (receipts) => site.receipts.push(...receipts),
    })
  const app = new Hono()
  app.all('/push/*', async (context) => {
    const { method, path } = context.req
    const summary = await describeRequest(context.req.raw.clone()).catch(() => method)
    const note = (status: number | null, worked: boolean) => {
      site.requests.push({ method, path, at: Date.now(), status, worked, summary })
      for (const look of looks) look()
    }
    const { failing } = site
    if (failing !== null && failing !== 'lost' && failing !== 'stalled') {
      const fault = faultOf(failing)
      note(fault?.status ?? null, false)
      return fault ?? unanswered(context, failing === 'cut')
    }
    const response = await handlerFor(site.wantedKey)(context.req.raw)
    note(failing === null ? response.status : null, response.ok)
    return failing === null ? response : unanswered(context, failing === 'lost')
  })
  app.post('/requests', async (context) => {
    const { req } = context
    const hasCookie = (req.header('cookie') ?? '').includes('session=')
    site.posts.push({ key: req.header('idempotency-key'), body: await req.json(), hasCookie })
    const fault = site.failing === null ? null : faultOf(site.failing)
    return fault ?? context.body(null, 204)
  })
  app.get('/cleared', (context) =>
    context.html('<!doctype html><title>Cleared</title>', 200, { 'clear-site-data': '"storage"' }),
  )
  app.get('*', async (context) => {
    const script = site.scripts.get(context.req.path)
    if (script !== undefined)
      return context.body(script, 200, { 'content-type': 'text/javascript' })
    const [file, type] = files[context.req.path] ?? []
    if (file && type)
      return new Response(await readFile(file), { headers: { 'content-type': type } })
    if (context.req.path.endsWith('.js')) return context.notFound()
    return context.html(site.html)
  })
  let server = await listen(app, 0)
  const { port } = server.address() as AddressInfo
  const rows = () => Array.fromAsync(store.list())
  /** Looks now and after each request, until there is something. */
  const waitFor = <Value>(find: () => Promise<Value | undefined>): Promise<Value> =>
    new Promise((resolve, reject) => {
      const look = async () => {
        const found = await find()
        if (found === undefined) return
        looks.delete(tell)
        resolve(found)
      }
      const tell = () => {
        look().catch(reject)
      }
      looks.add(tell)
      tell()
    })
  const site: Site = {
    origin: `http://localhost:${port}`,
    keys,
    wantedKey: keys.publicKey,
    store,
    failing: null,
    user: 'alice',
    html: '<!doctype html><title>App</title><script src="/page.js"></script>',
    scripts: new Map(),
    posts: [],
    requests: [],
    receipts: [],
    rows,
    waitForRows: (fit) =>
      waitFor(async () => {
        const found = await rows()
        return fit(found) ? found : undefined
      }),
    waitForRequest: (fit) => waitFor(() => Promise.resolve(site.requests.find(fit))),
    stop: () => close(server),
    async start() {
      server = await listen(app, port)
    },
    async [Symbol.asyncDispose]() {
      await close(server)
      await database.close()
    },
  }
  return site
}

/** The answer of a fault; `null` when there is none. */
function faultOf(fault: SiteFault): Response | null {
  if (typeof fault === 'number') return new Response('', { status: fault })
  if (fault === 'html') {
    return new Response('<h1>Sign in</h1>', { headers: { 'content-type': 'text/html' } })
  }
  if (typeof fault !== 'object') return null
  const headers = { 'retry-after': `${fault.retryAfter}` }
  return new Response('', { status: fault.status, headers })
}

/** Breaks the connection, or leaves it as it is for ever. */
function unanswered(context: Context, breaks: boolean): Promise<Response> {
  if (breaks) (context.env as HttpBindings).incoming.socket.destroy()
  return new Promise(() => undefined)
}

function listen(app: Hono, port: number): Promise<ServerType> {
  return new Promise((resolve) => {
    const options = { fetch: app.fetch, port, hostname: '127.0.0.1' }
    const server = serve(options, () => resolve(server))
  })
}

async function close(server: ServerType): Promise<void> {
  if (!server.listening) return
  await new Promise((resolve) => {
    server.close(resolve)
    if ('closeAllConnections' in server) server.closeAllConnections()
  })
}
