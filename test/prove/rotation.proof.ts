import { stat } from 'node:fs/promises'
import path from 'node:path'
import type { Proof, ProofFigures, ProofOptions } from '../../scripts/prove.ts'
import {
  createPushSender,
  generateVapidKeys,
  type SubscriptionRecord,
} from '../../src/server/index.ts'
import type { BrowserEngine } from '../../src/testing/index.ts'
import { startWorld, type World } from '../browser/world.ts'
import { startPostgresServer } from '../postgres/start-postgres-server.ts'
import { createRandom, type Random } from './random.ts'
import { type DeviceView, viewDevices } from './rotation-page.ts'
import { startRotationPages } from './rotation-pages.ts'
import { startSending } from './rotation-traffic.ts'
import { until } from './until.ts'

/**
 * Moves `count` subscriptions an engine to another key, each at a moment of its own: on pages that
 * stay open, by their timer, and on pages that are loaded again and again. Messages go to all of them
 * all along, each signed with the pair of the row that was read a moment before; and the browser is
 * killed while moves are half done, with messages waiting for it at old endpoints and new ones.
 *
 * It fails for each message that is refused, lost or shown twice, or that the browser takes off the
 * screen, for each row that is not the browser's subscription under the new key, and for each row or
 * registration beside those. `late` messages went to an endpoint that had left its row meanwhile.
 */
export const rotation: Proof = { count: 24, browsers: ['firefox', 'chromium'], run }

async function run({ count, seed }: ProofOptions): Promise<ProofFigures> {
  await using postgres = await startPostgresServer()
  const random = createRandom(seed)
  let failures = 0
  const figures: Record<string, number> = {}
  for (const engine of ['firefox', 'chromium'] as const) {
    const database = engine === 'firefox' ? 'memory:' : postgres.url
    const { faults, counts } = await rotate(engine, count, database, random)
    for (const [name, value] of Object.entries({ ...counts, ...faults })) {
      figures[`${engine}${name[0]?.toUpperCase()}${name.slice(1)}`] = value
    }
    for (const value of Object.values(faults)) failures += value
  }
  return { failures, ...figures }
}

async function rotate(engine: BrowserEngine, count: number, database: string, random: Random) {
  await using world = await startWorld(engine, database)
  const { site, browser, desktop } = world
  const plan = planOf(engine, count)
  const scopes = Array.from({ length: count }, (_, index) => `/device/${index}/`)
  const wanted = await generateVapidKeys()
  const pages = startRotationPages(world, { scopes, settleMs: plan.settleMs })
  await pages.subscribe()

  const sender = createPushSender({
    vapid: { subject: 'mailto:test@pushwell.example', keys: [site.keys, wanted] },
    endpoints: () => true,
    fetch: world.service.fetch,
  })
  const start = performance.now()
  const traffic = startSending(world, { sender, scopes, random, longestLatencyMs: 400 })
  site.wantedKey = wanted.publicKey
  await pages.open()
  for (let kill = 0; kill < plan.kills; kill++) {
    const before = performance.now()
    for (;;) {
      await plan.untilKill(world, random)
      await traffic.pauseDelivery(plan.latePatienceMs)
      if (await plan.mayKill(world)) break
      traffic.resumeDelivery()
      if (performance.now() > before + 120_000) throw new Error('No moment came for a kill.')
    }
    await pages.abandon(() => browser.kill())
    await browser.start()
    traffic.resumeDelivery()
    await pages.open()
  }
  const probe = await browser.newPage(`${site.origin}/probe`)
  const isRight = (scope: string, rows: readonly SubscriptionRecord[], views: DeviceView[]) => {
    const [row, ...others] = rows.filter(({ tags }) => tags.includes(scope))
    const view = views.find((one) => one.scope === scope)
    const isNew = row?.applicationServerKey === wanted.publicKey
    return isNew && row.subscription.endpoint === view?.endpoint && others.length === 0
  }
  const isMoved = async () => {
    const [rows, views] = [await site.rows(), await viewDevices(probe)]
    const held = views.filter(({ endpoint }) => endpoint !== null)
    return held.length === count && scopes.every((scope) => isRight(scope, rows, views))
  }
  // What has not come to it by then is counted below.
  await until(isMoved, 6 * plan.settleMs + 60_000).catch(() => undefined)
  await pages.abandon(async () => undefined)
  const milliseconds = Math.round(performance.now() - start)
  const { sent, late, ...messageFaults } = await traffic.end()

  // The user reads them all: a registration stays as long as it has something on the screen.
  const takenAway = desktop.history.filter(({ ended }) => ended === 'closed').length
  for (const shown of desktop.notifications.slice()) desktop.dismiss(shown)
  await until(async () => {
    await pages.visit()
    return (await viewDevices(probe)).length === count
  }, 30_000).catch(() => undefined)
  const rows = await site.rows()
  const views = await viewDevices(probe)
  const wrong = scopes.filter((scope) => !isRight(scope, rows, views))
  return {
    counts: { rotated: count, kills: plan.kills, sent, late, milliseconds },
    faults: {
      ...messageFaults,
      takenAway,
      rowsWrong: wrong.length,
      rowsLeft: Math.abs(rows.length - count),
      registrationsLeft: Math.abs(views.length - count),
    },
  }
}

/** How the browser is killed while subscriptions move. */
interface Plan {
  /** How long a half of the move waits. */
  readonly settleMs: number
  readonly kills: number
  /** How long a message is waited for that lies at an endpoint which no row has any more. */
  readonly latePatienceMs: number
  untilKill(world: World, random: Random): Promise<void>
  /** Whether the browser itself would lose nothing by it. */
  mayKill(world: World): Promise<boolean>
}

function planOf(engine: BrowserEngine, count: number): Plan {
  if (engine === 'firefox') {
    return {
      settleMs: 2000,
      kills: Math.ceil(count / 8),
      latePatienceMs: 1000,
      untilKill: (_, random) => {
        const moment = performance.now() + random.below(3000)
        return until(async () => performance.now() >= moment, 10_000)
      },
      mayKill: async () => true,
    }
  }
  const saved = createSavedCheck()
  // Each kill has to wait for the profile: where few subscriptions move there is none.
  const kills = Math.floor(count / 12)
  return {
    settleMs: kills > 0 ? 13_000 : 2000,
    kills,
    latePatienceMs: 0,
    untilKill: (world) => until(() => saved(world), 30_000),
    mayKill: saved,
  }
}

/**
 * Tells whether Chromium has written its subscriptions down, which it does within ten seconds of a
 * change: a crash before that takes them away, and with them what was sent to them.
 */
function createSavedCheck(): (world: World) => Promise<boolean> {
  let known = ''
  let changedAt = 0
  return async ({ browser, service }) => {
    const all = service.subscriptions.map(({ endpoint, live }) => `${endpoint} ${live}`).join()
    if (all !== known) changedAt = Date.now()
    known = all
    const file = path.join(browser.profile, 'Default', 'Preferences')
    const written = await stat(file).catch(() => null)
    return (written?.mtimeMs ?? 0) > changedAt
  }
}
