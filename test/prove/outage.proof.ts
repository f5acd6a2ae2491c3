import { isDeepStrictEqual } from 'node:util'
import type { Page } from 'puppeteer-core'
import type { Proof, ProofFigures, ProofOptions } from '../../scripts/prove.ts'
import type { BrowserEngine } from '../../src/testing/index.ts'
import type { SiteRequest } from '../browser/site.ts'
import { call, heldSubscription, openPage, startWorld, type World } from '../browser/world.ts'
import { databaseKinds, startDatabases } from './databases.ts'
import { type Changes, changesMade, type Outage, outages } from './outages.ts'
import { startFrom } from './start-from.ts'

/**
 * Has each engine make changes during each kind of outage `count` times, in turn on each database:
 * once the backend is back, what the user decided last must arrive in one request, by itself while
 * the page stays open, or at the next load. Whether the backend then holds what the browser holds
 * is read from its database, and another load must have nothing more to say.
 */
export const outage: Proof = { count: 5, browsers: ['firefox', 'chromium'], run }

/** How the change is to come through: by itself, or because the page is loaded again. */
const ways = ['open', 'load'] as const

interface Trial {
  readonly outage: Outage
  readonly changes: Changes
  readonly way: (typeof ways)[number]
}

async function run({ count }: ProofOptions): Promise<ProofFigures> {
  await using databases = await startDatabases()
  const figures: Record<string, number> = {}
  let failures = 0
  for (const [turn, engine] of (['firefox', 'chromium'] as const).entries()) {
    for (const [index, kind] of databaseKinds.entries()) {
      // Of an odd count, the one more falls to another database for each engine.
      const first = (index + turn) % 2
      if (first >= count) continue
      const rounds = Array.from({ length: count }, (_, round) => round)
      const trials = rounds.filter((round) => round % 2 === first).flatMap(trialsOf)
      const database = await databases.create(kind)
      failures += await outagesOf(engine, database, trials)
    }
    figures[`${engine}Trials`] = count * outages.length
  }
  return { failures, ...figures }
}

/** Over the rounds, each outage meets all changes and both ways. */
function trialsOf(round: number): Trial[] {
  return outages.map((one, index) => ({
    outage: one,
    changes: changesMade[(index + round + 2) % changesMade.length] ?? changesMade[0],
    way: one.needsPage ? 'open' : (ways[(index + Math.floor(round / 2)) % 2] ?? 'open'),
  }))
}

async function outagesOf(engine: BrowserEngine, database: string, trials: readonly Trial[]) {
  await using world = await startWorld(engine, database)
  let failures = 0
  for (const trial of trials) {
    const failure = await failureOf(world, trial)
    if (failure === null) continue
    failures += 1
    console.error(engine, trial.outage.name, trial.changes.name, trial.way, failure)
  }
  return failures
}

async function failureOf(world: World, trial: Trial): Promise<string | null> {
  const { site } = world
  const { changes, way } = trial
  const page = await open(world)
  await startFrom(page, changes.from)
  await call(page, 'setTags', { remove: ['early', 'late'] })
  site.requests.length = 0
  await trial.outage.begin(world)
  await changes.make(page)
  if (way === 'load') await page.goto('about:blank')
  const during = site.requests.length
  await trial.outage.end(world)
  const last = way === 'load' ? await open(world) : page
  const early = way === 'load' ? await call(last, 'prepare') : undefined
  const failure =
    early && !trial.outage.asksForPatience && !isInStep(early.state)
      ? `The next load ends as ${JSON.stringify(early)}.`
      : ((await arrivalOf(world, during)) ?? (await differenceOf(world, last, trial, during)))
  await page.close()
  if (last !== page) await last.close()
  return failure
}

/** The browser's calls and the requests are given up soon. */
const open = (world: World) => openPage(world, { timeoutMs: 3000 })

const isInStep = (state: object | undefined) =>
  isDeepStrictEqual(state, { status: 'subscribed', sync: 'synced' }) ||
  isDeepStrictEqual(state, { status: 'unsubscribed' })

const accepted = ({ status, worked }: { status: number | null; worked: boolean }) =>
  worked && status !== null

/** How long the change may take to arrive. */
const patienceMs = 90_000

async function arrivalOf({ site }: World, during: number): Promise<string | null> {
  const { promise, resolve } = Promise.withResolvers<string>()
  const timer = setTimeout(resolve, patienceMs, 'The change does not arrive.')
  const arrived = site.waitForRequest((request) => {
    return accepted(request) && site.requests.indexOf(request) >= during
  })
  const failure = await Promise.race([promise, arrived.then(() => null)])
  clearTimeout(timer)
  return failure
}

/** What requests were about, and how many milliseconds after the first one each came. */
function told(requests: readonly SiteRequest[]): string {
  const first = requests[0]?.at ?? 0
  return requests.map(({ summary, at }) => `${summary} (+${at - first} ms)`).join(', ')
}

async function differenceOf(
  world: World,
  page: Page,
  { outage: one, changes }: Trial,
  during: number,
): Promise<string | null> {
  const { site } = world
  const { state } = await call(page, 'prepare')
  if (!isInStep(state)) return `The state is ${JSON.stringify(state)}.`
  const requests = site.requests.slice(during).filter(accepted)
  if (requests.map(({ method }) => method).join() !== changes.request)
    return `The backend had ${told(requests)} instead of one ${changes.request}.`
  const early = one.forbidden?.(site.requests).length ?? 0
  if (early > 0) return `${early} requests came before the moment that the backend had named.`
  const held = await heldSubscription(page)
  const rows = await site.rows()
  const found = rows.map(({ subscription, tags }) => ({ subscription, tags }))
  const wanted = changes.tags ? [{ subscription: held, tags: changes.tags }] : []
  if (!isDeepStrictEqual(found, wanted))
    return `The rows are ${JSON.stringify(rows.length)} others.`
  return (held !== null) === (changes.tags !== undefined) ? null : 'The browser differs.'
}
