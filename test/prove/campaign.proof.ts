import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Page } from 'puppeteer-core'
import { startBackend } from '../../examples/server/backend.ts'
import { campaignProgress } from '../../examples/server/campaigns/campaign-progress.ts'
import type { Audience } from '../../examples/server/campaigns/campaign.ts'
import type { Database } from '../../examples/server/database.ts'
import { vapidKeyPairs } from '../../examples/server/vapid-key-pairs.ts'
import type { Proof, ProofFigures, ProofOptions } from '../../scripts/prove.ts'
import { launchBrowser } from '../../src/testing/index.ts'
import { addSubscriptions } from '../examples/campaign-world.ts'
import { startPostgresServer } from '../postgres/start-postgres-server.ts'
import { createFakeBrowser } from '../server/fake-browser.ts'
import { compareCampaign, isGone, statusOf } from './campaign-comparison.ts'
import { watchCampaigns } from './campaign-page.ts'
import { createRandom } from './random.ts'
import { startPushSink } from './push-sink.ts'
import { until } from './until.ts'
import { startWorkerProcesses } from './worker-processes.ts'

const workersAtOnce = 4
/** Per killed worker: two batches, of each 50 under way, 25 to be written down and one more. */
const mostRepeatsOfAKill = 2 * (50 + 25 + 1)
/** Per worker that is stopped and goes on: what it had under way. */
const mostRepeatsOfAStop = 2 * 50
/** Long enough that it is taken to be dead, and that another has taken its batches. */
const stopMs = 20_000

/**
 * Sends a campaign to `count` subscriptions in a PostgreSQL server from four worker processes, one
 * of which is killed every few seconds, and another stopped for a while and then let go on. A push
 * service counts what comes for each: all are sent to, and none again once it is written down, but
 * for what a stopped one had under way. A page in Chromium shows how far it is.
 */
export const campaign: Proof = { count: 50_000, browsers: ['chromium'], run }

async function run({ count, seed }: ProofOptions): Promise<ProofFigures> {
  const random = createRandom(seed)
  const isShort = count < 5000
  await using stack = new AsyncDisposableStack()
  const server = stack.use(await startPostgresServer())
  // A short run is made to last, so that there is something to kill.
  const sink = stack.use(await startPushSink(statusOf, isShort ? count / 8 : Infinity))
  const backend = await startBackend({
    database: server.url,
    port: 0,
    environment: {},
    works: false,
  })
  stack.defer(() => backend.close())
  const { database } = backend
  const [{ publicKey }] = await vapidKeyPairs(database, {})
  const endpoint = `${sink.origin}/`
  const device = createFakeBrowser(endpoint)
  const ids = await addSubscriptions(database, endpoint, publicKey, {
    count,
    keys: device.subscription.keys,
  })
  await database.query('ANALYZE subscriptions')
  const workers = stack.use(
    startWorkerProcesses({
      DATABASE_URL: server.url,
      PUSH_SERVICES: sink.origin,
      ...(isShort && { BATCH_SIZE: String(Math.ceil(count / 16)) }),
    }),
  )
  await workers.fill(workersAtOnce)
  const browser = stack.use(await launchBrowser('chromium', {}))
  const page = await browser.newPage(`${backend.url}/campaigns?token=${backend.adminToken}`)
  const watch = watchCampaigns(page)

  const send = (audience: Audience) => postCampaign(backend, audience)
  const start = performance.now()
  const id = await send({ all: true })
  const isDone = async () => (await campaignProgress(database, { id }))[0]?.state === 'done'
  let kills = 0
  let marked = 0
  const over = new AbortController()
  const killing = (async () => {
    for (;;) {
      await delay(isShort ? 2000 : 4000, null, { signal: over.signal }).catch(() => null)
      if (over.signal.aborted) return
      marked = await acceptedOf(database, id)
      if (marked === 0) continue
      kills += 1
      await workers.replace(random.below(workersAtOnce - 1))
    }
  })()
  const goesOnAt: number[] = []
  const stopping = (async () => {
    while (!over.signal.aborted) {
      if ((await acceptedOf(database, id)) > 0) {
        // The last one: it is not killed, so that it does go on.
        goesOnAt.push(await workers.pause(workersAtOnce - 1, stopMs, over.signal))
      }
      await delay(2000, null, { signal: over.signal }).catch(() => null)
    }
  })()
  await until(isDone, 600_000).finally(() => over.abort())
  const milliseconds = Math.round(performance.now() - start)
  await Promise.all([killing, stopping])
  // One that was stopped until now has batches to let go of.
  await workers.stop('SIGTERM')
  const gone = ids.filter((_, index) => isGone(index)).length
  const accepted = new Intl.NumberFormat('en').format(count - gone)
  await watch.waitForText(id, `${accepted} accepted`)
  const { lost, repeated, repeatedAfterMark, repeatedAfterStop } = await compareCampaign(
    database,
    sink,
    id,
    ids,
    goesOnAt,
  )
  const [progress] = await campaignProgress(database, { id })
  const sums = progress?.outcomes.accepted === count - gone && progress.outcomes.gone === gone
  const kept = await subscriptionsOf(database)
  const unreadable = [...sink.received.values()]
    .slice(0, 50)
    .filter(({ body }) => !device.decrypt(body).includes(`"id":"${id}"`)).length
  const { seen, goesBack } = watch
  const failures =
    lost +
    repeatedAfterMark +
    unreadable +
    goesBack +
    (sums && kept === count - gone ? 0 : 1) +
    (kills > 0 && marked > 0 ? 0 : 1) +
    (seen > 2 ? 0 : 1) +
    (goesOnAt.length > 0 && repeatedAfterStop <= goesOnAt.length * mostRepeatsOfAStop ? 0 : 1) +
    (repeated <= kills * mostRepeatsOfAKill + goesOnAt.length * mostRepeatsOfAStop ? 0 : 1)
  return {
    failures,
    milliseconds,
    perSecond: Math.round((1000 * count) / milliseconds),
    kills,
    stops: goesOnAt.length,
    gone,
    acceptedBeforeLastKill: marked,
    lost,
    repeated,
    repeatedAfterMark,
    repeatedAfterStop,
    shownNumbers: seen,
    ...(isShort ? {} : { screenshot: await pictureOf(page), ...(await throughput()) }),
  }

  /** How fast one worker is, and then two, with nothing killed. */
  async function throughput() {
    await database.query(`UPDATE subscriptions SET tags = '{fast}' WHERE id < '4'`)
    const figures: Record<string, number> = {}
    for (const processes of [1, 2]) {
      await workers.fill(processes)
      const began = performance.now()
      const fast = await send({ tag: 'fast' })
      const state = async () => (await campaignProgress(database, { id: fast }))[0]
      await until(async () => (await state())?.state === 'done', 300_000)
      const seconds = (performance.now() - began) / 1000
      const sent = (await state())?.outcomes.accepted ?? 0
      figures[`perSecondWith${processes}`] = Math.round(sent / seconds)
    }
    return figures
  }
}

/** Takes a picture of the page, to be looked at. @returns Its path. */
async function pictureOf(page: Page): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'pushwell-campaign-'))
  const picture = path.join(folder, 'campaigns.png') as `${string}.png`
  await page.screenshot({ path: picture, fullPage: true })
  return picture
}

async function postCampaign(
  { url, adminToken }: { readonly url: string; readonly adminToken: string },
  audience: Audience,
): Promise<string> {
  const response = await fetch(`${url}/campaigns`, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${adminToken}`,
      'Content-Type': 'application/json',
      'Idempotency-Key': crypto.randomUUID(),
    },
    body: JSON.stringify({ audience, notification: { title: 'The news of today' } }),
  })
  if (response.status !== 201) throw new Error(await response.text())
  return ((await response.json()) as { id: string }).id
}

async function acceptedOf(database: Database, id: string): Promise<number> {
  const sql = `SELECT count(*)::integer AS count FROM deliveries
    WHERE campaign_id = $1 AND status = 'accepted'`
  return (await database.query<{ count: number }>(sql, [id]))[0]?.count ?? 0
}

async function subscriptionsOf(database: Database): Promise<number> {
  const sql = 'SELECT count(*)::integer AS count FROM subscriptions'
  return (await database.query<{ count: number }>(sql))[0]?.count ?? 0
}
