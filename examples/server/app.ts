import { randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { serveStatic } from '@hono/node-server/serve-static'
import { Hono } from 'hono'
import { setCookie } from 'hono/cookie'
import { csrf } from 'hono/csrf'
import { HTTPException } from 'hono/http-exception'
import {
  createPushSender,
  createSubscriptionHandler,
  type EndpointPolicy,
  type Fetch,
  pushServiceHosts,
  type SubscriptionStore,
  type VapidKeys,
} from 'pushwell/server'
import { messages } from './messages.ts'
import { isArgumentError } from './argument-error.ts'
import { sendToVisitor } from './send-to-visitor.ts'

/** What the backend is made of. */
export interface AppOptions {
  readonly store: SubscriptionStore
  readonly keys: VapidKeys
  /** Whom a push service may write to about us: `mailto:` or `https:` (RFC 8292 §2.1). */
  readonly subject: string
  /** @default the browsers' own push services */
  readonly endpoints?: EndpointPolicy
  /** What requests to push services go through. */
  readonly fetch?: Fetch
  /** Called with each request, before it is answered. */
  readonly onRequest?: (request: Request) => void
}

/** The cookie that stands for signing in, in this example. */
const visitorCookie = 'visitor'

/**
 * The reference backend: the sync protocol under `/push`, an order page and a way to send oneself a
 * message, and the files of the page.
 */
export function createApp(options: AppOptions): Hono {
  const { store, keys, subject, fetch = globalThis.fetch } = options
  const { endpoints = { hosts: pushServiceHosts }, onRequest } = options
  const sender = createPushSender({ vapid: { subject, ...keys }, messages, endpoints, fetch })
  const subscriptions = createSubscriptionHandler({
    store,
    endpoints,
    applicationServerKey: keys.publicKey,
    path: '/push',
    authorize: (request) => {
      const visitor = visitorOf(request)
      return visitor === undefined ? null : { recipient: visitor }
    },
    onError: (error) => console.error('push:', error instanceof Error ? error.name : error),
  })
  const app = new Hono()
  app.use((context, next) => {
    onRequest?.(context.req.raw)
    return next()
  })
  app.use(csrf())
  app.use(async (context, next) => {
    if (context.req.method === 'GET' && visitorOf(context.req.raw) === undefined) {
      setCookie(context, visitorCookie, randomUUID(), { httpOnly: true, sameSite: 'Lax' })
    }
    await next()
  })
  app.onError((error, context) => {
    if (error instanceof HTTPException) return error.getResponse()
    if (isArgumentError(error)) return context.json({ error: error.message }, 400)
    console.error('app:', error.name, 'code' in error ? error.code : '')
    return context.json({ error: 'The server failed.' }, 500)
  })
  app.get('/health', (context) => context.json({ status: 'ok' }))
  app.all('/push/*', (context) => subscriptions(context.req.raw))
  app.post('/orders/:id/ship', async (context) => {
    const visitor = visitorOf(context.req.raw)
    if (visitor === undefined) return context.json({ error: 'Open the page first.' }, 401)
    return context.json(await sendToVisitor(sender, store, visitor, context.req.param('id')))
  })
  app.get('/orders/:id', async (context, next) => {
    await next()
    context.header('Cache-Control', 'no-store')
  })
  app.get('/orders/:id', serveStatic({ path: fileIn('minimal/order.html') }))
  app.get('/pushwell.global.js', serveStatic({ path: fileIn('../dist/pushwell.global.js') }))
  app.get('/pushwell-sw.global.js', serveStatic({ path: fileIn('../dist/pushwell-sw.global.js') }))
  app.use(serveStatic({ root: fileIn('minimal') }))
  return app
}

/** Only what was set here counts: a UUID. */
function visitorOf(request: Request): string | undefined {
  const cookie = new RegExp(`(?:^|; *)${visitorCookie}=([\\da-f-]{36})(?:;|$)`)
  return cookie.exec(request.headers.get('cookie') ?? '')?.[1]
}

function fileIn(folder: string): string {
  return fileURLToPath(new URL(`../${folder}`, import.meta.url))
}
