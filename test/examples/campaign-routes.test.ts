import type { Hono } from 'hono'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createApp } from '../../examples/server/app.ts'
import { saveReceipts } from '../../examples/server/receipts.ts'
import { createMemoryStore, generateVapidKeys } from '../../src/server/index.ts'
import {
  addSubscriptions,
  type CampaignWorld,
  createdCampaign,
  news,
  openCampaignWorld,
} from './campaign-world.ts'

const origin = 'http://localhost:3000'
const stack = new AsyncDisposableStack()
let world: CampaignWorld
let app: Hono

beforeAll(async () => {
  world = await openCampaignWorld(stack)
  const keys = await generateVapidKeys()
  app = await createApp({
    store: createMemoryStore(),
    keys: async () => [keys],
    subject: 'mailto:ops@example.com',
    campaigns: { ...world, adminToken: 'secret' },
  })
}, 60_000)
afterAll(() => stack.disposeAsync())
beforeEach(async () => {
  await world.database.query('DELETE FROM campaigns')
  await world.database.query('DELETE FROM subscriptions')
})

const asAdmin = { Authorization: 'Bearer secret' }

async function request(method: string, path: string, init: RequestInit = {}): Promise<Response> {
  const headers = { Origin: origin, ...asAdmin, ...(init.headers as Record<string, string>) }
  return app.request(`${origin}${path}`, { method, ...init, headers })
}

const addDevices = (recipient: string, count: number) =>
  addSubscriptions(world.database, `https://push.example.net/${recipient}/`, 'key', {
    count,
    recipient,
  })

function post(campaign: unknown, headers: Record<string, string> = {}): Promise<Response> {
  const all = { 'Content-Type': 'application/json', 'Idempotency-Key': 'one', ...headers }
  return request('POST', '/campaigns', { headers: all, body: JSON.stringify(campaign) })
}

describe('who has no token', () => {
  test.each([
    ['GET', '/campaigns'],
    ['GET', '/campaigns/progress'],
    ['GET', '/campaigns/events'],
    ['POST', '/campaigns'],
    ['POST', `/campaigns/${crypto.randomUUID()}/cancel`],
    ['GET', '/metrics'],
    ['GET', '/campaigns?token=wrong'],
  ])('is not let in: %s %s', async (method, path) => {
    for (const headers of [{}, { Authorization: 'Bearer Secret' }, { Cookie: 'admin=secre' }]) {
      const response = await app.request(`${origin}${path}`, {
        method,
        headers: { Origin: origin, ...headers },
      })
      expect(response.status).toBe(401)
    }
  })
})

test('the token is taken from the address once, and kept where scripts cannot read it', async () => {
  const response = await app.request(`${origin}/campaigns?token=secret`)
  expect(response.status).toBe(302)
  expect(response.headers.get('Location')).toBe('/campaigns')
  const cookies = response.headers.getSetCookie()
  const cookie = cookies.find((one) => one.startsWith('admin=')) ?? expect.unreachable()
  expect(cookie).toMatch(/HttpOnly; SameSite=Strict/)
  const page = await app.request(`${origin}/campaigns`, {
    headers: { Cookie: cookie.split(';')[0] ?? '' },
  })
  expect(await page.text()).toContain('<h1>Campaigns</h1>')
})

describe('POST /campaigns', () => {
  test('makes a campaign once for a key, and shows it', async () => {
    const first = await post(news)
    expect(first.status).toBe(201)
    const { id } = (await first.json()) as { id: string }
    const again = await post(news)
    expect([again.status, await again.json()]).toEqual([200, { id }])
    expect((await post({ ...news, ttl: 60 })).status).toBe(422)
    const shown: unknown = await (await request('GET', '/campaigns/progress')).json()
    expect(shown).toMatchObject([{ id, state: 'planning', request: { audience: { all: true } } }])
    expect(await (await request('GET', `/campaigns/${id}`)).json()).toMatchObject({ id })
  })

  test.each<[string, unknown]>([
    ['nothing', null],
    ['no audience', { ...news, audience: undefined }],
    ['two audiences', { ...news, audience: { all: true, tag: 'x' } }],
    ['everybody, but not quite', { ...news, audience: { all: false } }],
    ['no title', { ...news, notification: { body: 'x' } }],
    ['a text that cannot be kept', { ...news, notification: { title: 'a\0' } }],
    ['a title that does not fit', { ...news, notification: { title: 'x'.repeat(5000) } }],
    ['a time to live of nothing', { ...news, ttl: 0 }],
    ['an urgency of its own', { ...news, urgency: 'now' }],
  ])('refuses %s, and says why', async (_what, campaign) => {
    const response = await post(campaign)
    expect(response.status).toBe(400)
    expect(await response.json()).toEqual({ error: expect.stringMatching(/ must /) })
    expect(await world.database.query('SELECT FROM campaigns')).toEqual([])
  })

  test.each(['', 'ü', 'x'.repeat(201)])('refuses the key %o', async (key) => {
    expect(
      (await post(news, { 'Idempotency-Key': encodeURI(key) === key ? key : 'a b' })).status,
    ).toBe(400)
  })

  test('is closed to forms of other origins', async () => {
    const response = await request('POST', '/campaigns', {
      headers: { Origin: 'https://evil.example', 'Content-Type': 'text/plain' },
      body: JSON.stringify(news),
    })
    expect(response.status).toBe(403)
  })
})

test('a campaign is cancelled once', async () => {
  const id = await createdCampaign(world)
  const cancel = () => request('POST', `/campaigns/${id}/cancel`)
  expect((await cancel()).status).toBe(204)
  expect((await cancel()).status).toBe(404)
})

test.each(['-'.repeat(36), '0'.repeat(36), `${'0'.repeat(35)}-`, crypto.randomUUID()])(
  'there is no campaign %s',
  async (id) => {
    expect((await request('GET', `/campaigns/${id}`)).status).toBe(404)
    expect((await request('POST', `/campaigns/${id}/cancel`)).status).toBe(404)
  },
)

describe('receipts', () => {
  beforeEach(async () => {
    await addDevices('ada', 1)
    await addDevices('bob', 2)
  })

  const countsOf = async (id: string) =>
    ((await (await request('GET', `/campaigns/${id}`)).json()) as { receipts: unknown }).receipts

  test('are counted once from each device, however often they come', async () => {
    const id = await createdCampaign(world)
    const shown = { id, event: 'shown', at: 1 } as const
    const clicked = { id, event: 'clicked', at: 2, action: 'track' } as const
    for (const _time of [1, 2]) {
      await saveReceipts(world.database, [shown, clicked], 'ada')
      await saveReceipts(world.database, [shown, shown], 'bob')
      await saveReceipts(world.database, [{ ...shown, at: 3 }], 'bob')
      await saveReceipts(world.database, [shown], null)
    }
    expect(await countsOf(id)).toEqual({ shown: 3, clicked: 1 })
  })

  test('are no more than devices, whatever times they tell', async () => {
    const id = await createdCampaign(world)
    const told = (from: number) =>
      Array.from({ length: 20 }, (_, at) => ({ id, event: 'shown', at: from + at }) as const)
    for (const recipient of ['ada', 'bob', 'mallory']) {
      await saveReceipts(world.database, told(0), recipient)
      await saveReceipts(world.database, told(20), recipient)
    }
    expect(await countsOf(id)).toEqual({ shown: 3 })
    expect(await world.database.query('SELECT FROM receipts')).toHaveLength(3)
  })

  test('of a campaign that ended long ago are let go', async () => {
    const id = await createdCampaign(world)
    await world.database.query('UPDATE campaigns SET finished_at = 1 WHERE id = $1', [id])
    const day = 24 * 60 * 60_000
    await saveReceipts(world.database, [{ id, event: 'shown', at: 1 }], 'ada', 91 * day)
    expect(await countsOf(id)).toEqual({})
    await saveReceipts(world.database, [{ id, event: 'shown', at: 1 }], 'ada', 90 * day)
    expect(await countsOf(id)).toEqual({ shown: 1 })
  })

  test('come from the devices themselves', async () => {
    const id = await createdCampaign(world)
    const name = crypto.randomUUID()
    const visitor = `visitor=${name}`
    await addDevices(name, 1)
    const body = JSON.stringify({ receipts: [{ id, event: 'shown', at: 5 }] })
    const headers = { Cookie: visitor, 'Content-Type': 'application/json', Authorization: '' }
    for (const _time of [1, 2]) {
      const response = await request('POST', '/push/receipts', { headers, body })
      expect(response.status).toBe(204)
    }
    expect(await countsOf(id)).toEqual({ shown: 1 })
  })

  test('of what is no campaign are let go', async () => {
    const id = await createdCampaign(world)
    const event = 'shown'
    const strange = [crypto.randomUUID(), 'x', ''].map(
      (one) => ({ id: one, event, at: 1 }) as const,
    )
    await saveReceipts(world.database, strange, 'ada')
    expect(await countsOf(id)).toEqual({})
  })
})

test('the metrics say what there is, in Prometheus’ format', async () => {
  const id = await createdCampaign(world)
  await addDevices('ada', 1)
  await saveReceipts(world.database, [{ id, event: 'shown', at: 1 }], 'ada')
  const response = await request('GET', '/metrics')
  expect(response.headers.get('Content-Type')).toMatch(/^text\/plain; version=0\.0\.4/)
  const lines = (await response.text()).trimEnd().split('\n')
  expect(lines).toContain('pushwell_campaigns{state="planning"} 1')
  expect(lines).toContain('pushwell_receipts_total{event="shown"} 1')
  expect(lines).toContain('pushwell_subscriptions 1')
  for (const line of lines) {
    expect(line).toMatch(/^(# (HELP|TYPE) pushwell_\w+ .+|pushwell_\w+(\{\w+="[\w-]+"\})? \d+)$/)
  }
})

test('who was not heard of is counted up to a bound, so that no scrape reads them all', async () => {
  await world.database.query(
    `INSERT INTO subscriptions
     SELECT i::text, '{}', 'key', null, '{}', '{}', 0, 0 FROM generate_series(1, 100010) AS i`,
  )
  const metrics = await (await request('GET', '/metrics')).text()
  expect(metrics).toContain('pushwell_subscriptions_unseen 100000\n')
}, 60_000)

test('health says whether the database answers', async () => {
  expect(await (await app.request(`${origin}/health`)).json()).toEqual({ status: 'ok' })
})
