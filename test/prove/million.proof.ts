import { createECDH, randomBytes } from 'node:crypto'
import type { Proof, ProofFigures, ProofOptions } from '../../scripts/prove.ts'
import { generateVapidKeys, type PushSubscriptionData } from '../../src/server/index.ts'
import type { PushResponse, SendProgress } from '../../src/server/index.ts'
import { createPushSender } from '../../src/server-node/index.ts'
import { createRandom, type Random } from './random.ts'

/** What resident memory may grow by. */
const mostGrowthMiB = 64

/** Memory is looked at once in so many results. */
const sampleEvery = 5000

/** By then the code is compiled and the heap has its size, of which most is room for the young. */
const warmUps = 30_000

/** Keys are the slow part of making a subscription: so many browsers have several each. */
const browsers = 500

/**
 * Sends one message to `count` subscriptions, made as they are asked for, with a push service of
 * this process that takes most, and has lost one in fifty, and is busy for one in a hundred.
 *
 * It fails for each subscription without exactly one outcome, for each report whose counts went back
 * or do not add up, for each rejection that nobody handled, and when resident memory grows by more
 * than 64 MiB after the first 30,000.
 */
export const million: Proof = { count: 1_000_000, browsers: [], run }

async function run({ count, seed }: ProofOptions): Promise<ProofFigures> {
  let unhandled = 0
  const note = (): number => (unhandled += 1)
  process.on('unhandledRejection', note)
  try {
    const random = createRandom(seed)
    const vapid = { subject: 'mailto:proof@pushwell.example', ...(await generateVapidKeys()) }
    const sender = createPushSender({ vapid, transport: async () => answer(random) })
    const reports: SendProgress[] = []
    const onProgress = (report: SendProgress): void => void reports.push(report)
    const seen = new Uint8Array(count)
    const residents: number[] = []
    const message = { notification: { title: 'A million', body: 'of these' } }
    let results = 0
    const start = performance.now()
    for await (const { target } of sender.sendAll(targets(count), message, { onProgress })) {
      seen[target.index] = (seen[target.index] ?? 0) + 1
      results += 1
      if (results % sampleEvery === 0) residents.push(process.memoryUsage.rss() / 2 ** 20)
    }
    const seconds = (performance.now() - start) / 1000
    const lost = seen.filter((times) => times !== 1).length
    const disordered = countDisordered(reports, count)
    const growthMiB = growth(residents)
    const isGrowing = growthMiB > mostGrowthMiB
    return {
      failures: lost + disordered + unhandled + (isGrowing ? 1 : 0),
      results,
      lost,
      disordered,
      unhandled,
      growthMiB,
      residentMiB: Math.round(residents.at(-1) ?? 0),
      reports: reports.length,
      perSecond: Math.round(results / seconds),
    }
  } finally {
    process.off('unhandledRejection', note)
  }
}

interface Target {
  readonly index: number
  readonly subscription: PushSubscriptionData
}

function* targets(count: number): Generator<Target> {
  const keys = Array.from({ length: browsers }, () =>
    createECDH('prime256v1').generateKeys('base64url'),
  )
  const base = 'https://push.example.org/wpush/v2/'
  for (let index = 0; index < count; index++) {
    const p256dh = keys[index % browsers] ?? ''
    const auth = randomBytes(16).toString('base64url')
    const endpoint = `${base}${index}-${randomBytes(60).toString('base64url')}`
    yield { index, subscription: { endpoint, keys: { p256dh, auth } } }
  }
}

function answer(random: Random): PushResponse {
  const chance = random.below(100)
  const httpStatus = chance < 2 ? 410 : chance < 3 ? 429 : 201
  return { httpStatus, header: (name) => (name === 'Retry-After' ? '0' : null), body: '' }
}

function countDisordered(reports: readonly SendProgress[], count: number): number {
  let before = { done: 0, accepted: 0, gone: 0, retry: 0, rejected: 0 }
  let disordered = reports.at(-1)?.done === count ? 0 : 1
  for (const report of reports) {
    const { done, accepted, gone, retry, rejected } = report
    const isGrown =
      done >= before.done &&
      accepted >= before.accepted &&
      gone >= before.gone &&
      retry >= before.retry &&
      rejected >= before.rejected
    if (!isGrown || done !== accepted + gone + retry + rejected) disordered += 1
    before = report
  }
  return disordered
}

function growth(residents: readonly number[]): number {
  const [first = 0, ...later] = residents.slice(warmUps / sampleEvery)
  return Math.round(Math.max(first, ...later) - first)
}
