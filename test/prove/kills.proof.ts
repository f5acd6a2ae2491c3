import { isDeepStrictEqual } from 'node:util'
import type { Page } from 'puppeteer-core'
import type { Proof, ProofFigures, ProofOptions } from '../../scripts/prove.ts'
import type { BrowserEngine } from '../../src/testing/index.ts'
import type { SubscriptionRecord } from '../../src/server/index.ts'
import type { SiteFault } from '../browser/site.ts'
import {
  call,
  clickEnable,
  heldSubscription,
  openPage,
  startWorld,
  subscriptionIsSaved,
  type World,
} from '../browser/world.ts'
import { databaseKinds, startDatabases } from './databases.ts'
import { createRandom, type Random } from './random.ts'
import { startFrom } from './start-from.ts'
import { type Decision, decisionsOf } from './watch-decisions.ts'

/**
 * Kills each engine with SIGKILL `count` times while `enable()` is under way, half of them on each
 * database, and half as often while `disable()` is. After the restart and one load, the backend must
 * hold what the browser holds and nothing else; and what the page had written down before the kill
 * must have come true. A click that died before its first write may be lost: it is counted.
 *
 * Chromium writes its subscriptions to the profile within ten seconds, so that most of these kills
 * take the subscription away after the backend has stored it: the new one must replace it.
 */
export const kills: Proof = { count: 20, browsers: ['firefox', 'chromium'], run }

/** What the kill waits for, and up to how many milliseconds longer. */
interface Moment {
  readonly fault: SiteFault | null
  readonly waitsFor: 'click' | 'request'
}

/** The first stands for every moment up to the answer, the others for those that are short. */
const moments: readonly [Moment, ...Moment[]] = [
  { fault: null, waitsFor: 'click' },
  { fault: 'hang', waitsFor: 'request' },
  { fault: null, waitsFor: 'click' },
  { fault: 'stalled', waitsFor: 'request' },
  { fault: null, waitsFor: 'click' },
  { fault: 'lost', waitsFor: 'request' },
]

/** How long a call takes from the click to the answer, in milliseconds, when nobody kills it. */
type Durations = Readonly<Record<Decision, number>>

/** What came of one kill. */
interface Aftermath {
  readonly decided: boolean
  readonly lost: boolean
  readonly replaced: boolean
  readonly failure: string | null
}

async function run({ count, seed }: ProofOptions): Promise<ProofFigures> {
  await using databases = await startDatabases()
  const figures: Record<string, number> = {}
  let failures = 0
  for (const [turn, engine] of (['firefox', 'chromium'] as const).entries()) {
    const all: Aftermath[] = []
    for (const [index, kind] of databaseKinds.entries()) {
      // Of an odd count, the one more falls to another database for each engine.
      const rounds = Math.floor((count + 1 - ((index + turn) % 2)) / 2)
      if (rounds === 0) continue
      const random = createRandom(seed + index)
      all.push(...(await killsOf(engine, await databases.create(kind), rounds, random)))
    }
    const how = (fits: (one: Aftermath) => boolean) => all.filter(fits).length
    failures += how(({ failure }) => failure !== null)
    figures[`${engine}Kills`] = all.length
    figures[`${engine}BeforeTheFirstWrite`] = how(({ decided }) => !decided)
    figures[`${engine}Lost`] = how(({ lost }) => lost)
    figures[`${engine}Replaced`] = how(({ replaced }) => replaced)
  }
  return { failures, ...figures }
}

async function killsOf(engine: BrowserEngine, database: string, rounds: number, random: Random) {
  await using world = await startWorld(engine, database)
  const durations = await measure(world)
  const aftermaths: Aftermath[] = []
  let page = await openPage(world)
  const first = random.below(moments.length)
  const kill = async (decision: Decision, number: number) => {
    const moment = moments[(first + number) % moments.length] ?? moments[0]
    await startFrom(page, decision === 'disable' ? 'subscribed' : 'unsubscribed')
    // Half of the subscriptions that are given up would survive the kill also in Chromium.
    if (decision === 'disable' && number % 2 === 1) await subscriptionIsSaved(world)
    const before = await killDuring(world, page, decision, moment, durations, random)
    page = await openPage(world)
    const aftermath = await lookAfter(world, page, decision, before)
    if (aftermath.failure !== null) console.error(engine, number, decision, moment, aftermath)
    aftermaths.push(aftermath)
  }
  for (let round = 0; round < rounds; round++) {
    await kill('enable', round)
    if (round % 2 === 0) await kill('disable', round / 2)
  }
  return aftermaths
}

async function measure(world: World): Promise<Durations> {
  const page = await openPage(world)
  await call(page, 'prepare')
  const times = [performance.now()]
  await clickEnable(page)
  times.push(performance.now())
  await call(page, 'disable')
  times.push(performance.now())
  const [start = 0, middle = 0, end = 0] = times
  return { enable: middle - start, disable: end - middle }
}

/** What was known when the browser was dead. */
interface BeforeTheRestart {
  readonly decided: boolean
  /** The row that the backend had then, or before. */
  readonly known: SubscriptionRecord | undefined
}

async function killDuring(
  { site, browser }: World,
  page: Page,
  decision: Decision,
  { fault, waitsFor }: Moment,
  durations: Durations,
  random: Random,
): Promise<BeforeTheRestart> {
  const [before] = await site.rows()
  const decisions = await decisionsOf(page)
  site.requests.length = 0
  site.failing = fault
  // What is under way when the browser dies rejects: that is no failure.
  const clicked = decisions.clicked(decision).catch(() => undefined)
  await (waitsFor === 'click' ? clicked : site.waitForRequest(() => true))
  // More of them early, where one step follows the other quickly.
  const waitMs = random.next() ** 3 * (waitsFor === 'click' ? durations[decision] : 50)
  await new Promise((resolve) => setTimeout(resolve, waitMs))
  await browser.kill()
  const decided = decisions.written.has(decision)
  const [stored] = await site.rows()
  site.failing = null
  await browser.start()
  return { decided, known: stored ?? before }
}

async function lookAfter(
  { site }: World,
  page: Page,
  decision: Decision,
  { decided, known }: BeforeTheRestart,
): Promise<Aftermath> {
  const { state } = await call(page, 'prepare')
  const held = await heldSubscription(page)
  const rows = await site.rows()
  const failure = failureOf({ held, rows: rows.map(({ subscription }) => subscription), state })
  const lost = (held !== null) !== (decision === 'enable')
  return {
    decided,
    lost,
    replaced: rows[0] !== undefined && known !== undefined && rows[0].id !== known.id,
    failure: failure ?? (decided && lost ? 'What was written down did not come true.' : null),
  }
}

function failureOf(found: {
  readonly held: unknown
  readonly rows: readonly unknown[]
  readonly state: object | undefined
}): string | null {
  const { held, rows, state } = found
  if (!isDeepStrictEqual(rows, held === null ? [] : [held])) {
    return `The backend holds ${rows.length} rows, not the browser’s subscription.`
  }
  const wanted =
    held === null ? { status: 'unsubscribed' } : { status: 'subscribed', sync: 'synced' }
  return isDeepStrictEqual(state, wanted) ? null : `The state is ${JSON.stringify(state)}.`
}
