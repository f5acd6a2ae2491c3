import { fileURLToPath } from 'node:url'
import { serveStatic } from '@hono/node-server/serve-static'
import { Hono } from 'hono'
import { streamSSE } from 'hono/streaming'
import type { PgBoss } from 'pg-boss'
import type { Database } from '../database.ts'
import { createCampaignCheck } from './campaign-check.ts'
import { campaignProgress } from './campaign-progress.ts'
import { cancelCampaign, createCampaign } from './create-campaign.ts'
import { CampaignRefused, parseCampaign } from './parse-campaign.ts'

/** What campaigns are made and shown with. */
export interface CampaignParts {
  readonly database: Database
  readonly jobs: Pick<PgBoss, 'send'>
}

/** How often the page is told how far the campaigns are, in milliseconds. */
const pauseMs = 500

/** Of a UUID alone: the database fails for anything else. */
const campaignPath = '/:id{[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}}'

/** Makes the routes for making campaigns and watching them. Who may is for whoever mounts them. */
export function createCampaignRoutes(parts: CampaignParts): Hono {
  const { database } = parts
  const routes = new Hono()
  const check = createCampaignCheck()
  const progress = shared(() => campaignProgress(database))

  routes.post('/', async (context) => {
    const key = context.req.header('Idempotency-Key') ?? ''
    if (!/^[!-~]{1,200}$/.test(key)) {
      return context.json({ error: 'Idempotency-Key must be 1 to 200 characters of ASCII.' }, 400)
    }
    try {
      const request = parseCampaign(await context.req.json().catch(() => null))
      await check(request)
      const result = await createCampaign(parts, key, request)
      if (result.status !== 'conflict') {
        return context.json({ id: result.id }, result.status === 'created' ? 201 : 200)
      }
    } catch (error) {
      if (!(error instanceof CampaignRefused)) throw error
      return context.json({ error: error.message }, 400)
    }
    return context.json({ error: 'The Idempotency-Key was used for another campaign.' }, 422)
  })

  routes.post(`${campaignPath}/cancel`, async (context) => {
    const cancelled = await cancelCampaign(database, context.req.param('id'))
    return cancelled
      ? context.body(null, 204)
      : context.json({ error: 'No such campaign is under way.' }, 404)
  })

  routes.get('/progress', async (context) => context.json(await progress()))

  routes.get(campaignPath, async (context) => {
    const [found] = await campaignProgress(database, { id: context.req.param('id') })
    return found ? context.json(found) : context.json({ error: 'There is no such campaign.' }, 404)
  })

  routes.get('/events', (context) =>
    streamSSE(context, async (stream) => {
      let told = ''
      while (!stream.aborted) {
        const data = JSON.stringify(await progress())
        if (data !== told) await stream.writeSSE({ data })
        told = data
        await stream.sleep(pauseMs)
      }
    }),
  )

  const page = fileURLToPath(new URL('page/', import.meta.url))
  routes.get('/', serveStatic({ path: `${page}index.html` }))
  for (const file of ['campaigns.js', 'campaigns.css']) {
    routes.get(`/${file}`, serveStatic({ path: page + file }))
  }
  return routes
}

/** Asks once for all who ask at about the same time. */
function shared<Value>(ask: () => Promise<Value>): () => Promise<Value> {
  let asked: { readonly at: number; readonly answer: Promise<Value> } | undefined
  return () => {
    const now = performance.now()
    if (!asked || now - asked.at > pauseMs / 2) asked = { at: now, answer: ask() }
    return asked.answer
  }
}
