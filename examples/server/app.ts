import { randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import type { HttpBindings } from '@hono/node-server'
import { serveStatic } from '@hono/node-server/serve-static'
import { type Context, Hono } from 'hono'
import { setCookie } from 'hono/cookie'
import { csrf } from 'hono/csrf'
import { HTTPException } from 'hono/http-exception'
import {
  type EndpointPolicy,
  type Fetch,
  pushServiceHosts,
  type SubscriptionStore,
} from 'pushwell/server'
import { adminAccess } from './admin-access.ts'
import { isArgumentError } from './argument-error.ts'
import { type CampaignParts, createCampaignRoutes } from './campaigns/campaign-routes.ts'
import { writeMetrics } from './metrics.ts'
import { createPushParts } from './push-parts.ts'
import { createRateLimit, type RateLimitOptions } from './rate-limit.ts'
import { saveReceipts } from './receipts.ts'
import { isUserName, nameOf, recipientOf } from './recipient.ts'
import { sendOrder } from './send-order.ts'
import { createSessionRoutes } from './session.ts'
import type { VapidKeyPairs } from './vapid-key-pairs.ts'

/** What the backend is made of. */
export interface AppOptions {
  readonly store: SubscriptionStore
  /** Gives the VAPID key pairs, the wanted one first. Asked again and again: they rotate. */
  readonly keys: () => Promise<VapidKeyPairs>
  /** Whom a push service may write to about us: `mailto:` or `https:` (RFC 8292 §2.1). */
  readonly subject: string
  /** @default the browsers' own push services */
  readonly endpoints?: EndpointPolicy
  /**
   * What requests to push services go through.
   *
   * @default the sender's own
   */
  readonly fetch?: Fetch
  /** What campaigns need; without it there are none. */
  readonly campaigns?: CampaignParts & {
    /** Lets into the pages about campaigns, and to the metrics. */
    readonly adminToken: string
  }
  /**
   * How often one address may send requests of the sync protocol.
   *
   * @default 600 at once, 10 a second
   */
  readonly rate?: RateLimitOptions
  /** Called with each request, before it is answered. */
  readonly onRequest?: (request: Request) => void
}

/**
 * The reference backend: the sync protocol under `/push`, signing in and out, an order page, ways to
 * send messages, and the files of the page.
 *
 * @throws TypeError for key pairs or a subject that cannot be used.
 */
export async function createApp({
  store,
  endpoints = { hosts: pushServiceHosts },
  campaigns,
  rate = { burst: 600, perSecond: 10 },
  onRequest,
  ...options
}: AppOptions): Promise<Hono> {
  const waitOf = createRateLimit(rate)
  /** Of the connections that requests came by: a header can say anything. */
  const addresses = new WeakMap<Request, string>()
  const push = createPushParts({
    ...options,
    store,
    endpoints,
    path: '/push',
    authorize: (request) => {
      const recipient = recipientOf(request)
      return recipient && { recipient: nameOf(recipient) }
    },
    ...(campaigns && {
      onReceipts: (receipts, { recipient }) =>
        saveReceipts(campaigns.database, receipts, recipient),
    }),
    limit: (request) => waitOf(addresses.get(request) ?? ''),
    onError: (error) => console.error('push:', error instanceof Error ? error.name : error),
  })
  await push()
  const app = new Hono()
  app.use((context, next) => {
    onRequest?.(context.req.raw)
    return next()
  })
  app.use(csrf())
  app.use(async (context, next) => {
    if (context.req.method === 'GET' && !recipientOf(context.req.raw)) {
      setCookie(context, 'visitor', randomUUID(), { httpOnly: true, sameSite: 'Lax' })
    }
    await next()
  })
  app.onError((error, context) => {
    if (error instanceof HTTPException) return error.getResponse()
    if (isArgumentError(error)) return context.json({ error: error.message }, 400)
    console.error('app:', error.name, 'code' in error ? error.code : '')
    return context.json({ error: 'The server failed.' }, 500)
  })
  app.get('/health', async (context) => {
    await campaigns?.database.query('SELECT 1')
    return context.json({ status: 'ok' })
  })
  app.route('/session', createSessionRoutes())
  app.all('/push/*', async (context) => {
    addresses.set(context.req.raw, addressOf(context))
    return (await push()).subscriptions(context.req.raw)
  })
  if (campaigns) {
    const access = adminAccess(campaigns.adminToken)
    app.use('/campaigns/*', access).route('/campaigns', createCampaignRoutes(campaigns))
    app.get('/metrics', access, async (context) =>
      context.body(await writeMetrics(campaigns.database), 200, {
        'Content-Type': 'text/plain; version=0.0.4',
      }),
    )
  }
  app.post('/orders/:id/ship', async (context) => {
    const recipient = recipientOf(context.req.raw)
    if (!recipient) return context.json({ error: 'Open the page first.' }, 401)
    const { sender } = await push()
    return context.json(await sendOrder(sender, store, recipient, context.req.param('id')))
  })
  // An example, which anybody may use to send to anybody: a real backend sends for reasons of its own.
  app.post('/users/:user/messages', async (context) => {
    const user = context.req.param('user')
    const { orderId } = Object(await context.req.json().catch(() => null)) as { orderId?: unknown }
    if (!isUserName(user)) return context.json({ error: 'There can be no such user.' }, 404)
    if (typeof orderId !== 'string' || orderId === '') {
      return context.json({ error: 'orderId must be a text.' }, 400)
    }
    const { sender } = await push()
    return context.json(await sendOrder(sender, store, { user }, orderId))
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

/** Behind a proxy this is the proxy's, for all: take what it says in a header that it sets itself. */
function addressOf({ env }: Context): string {
  const { incoming } = Object(env) as Partial<HttpBindings>
  return incoming?.socket.remoteAddress ?? ''
}

function fileIn(folder: string): string {
  return fileURLToPath(new URL(`../${folder}`, import.meta.url))
}
