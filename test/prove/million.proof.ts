import { createECDH, randomBytes } from 'node:crypto'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { getHeapSpaceStatistics } from 'node:v8'
import type { Proof, ProofFigures, ProofOptions } from '../../scripts/prove.ts'
import {
  generateVapidKeys,
  type PushSubscriptionData,
  type SendProgress,
} from '../../src/server/index.ts'
import { createPushSender } from '../../src/server-node/index.ts'
import { startSinkProcess } from './sink-process.ts'

/** What resident memory may grow by. */
const mostGrowthMiB = 64

/** Memory is looked at once in so many results. */
const sampleEvery = 1000

/** By then the code is compiled, and the heap has its size, of which most is room for the young. */
const warmUps = 30_000

/** Keys are the slow part of making a subscription: so many browsers have several each. */
const browsers = 500

/**
 * Sends one message to `count` subscriptions, made as they are asked for, over the sender's own
 * connections to a push service in another process, which takes most, and has lost one in fifty, and
 * is busy for one in a hundred.
 *
 * It fails for each subscription without exactly one outcome, for each report whose counts went back
 * or do not add up, for each rejection that nobody handled, and when resident memory grows by more
 * than 64 MiB after the first 30,000.
 *
 * Until then it grows by more: `fromStartMiB` is all of it, counted from before the first message. Most
 * of it is `youngMiB`, the room for young objects, which V8 gives to any program that allocates,
 * whatever it keeps; the rest are old objects that wait for their collection, and what OpenSSL and
 * the connections have.
 */
export const million: Proof = { count: 1_000_000, browsers: [], run }

async function run({ count, seed }: ProofOptions): Promise<ProofFigures> {
  let unhandled = 0
  const note = (): number => (unhandled += 1)
  process.on('unhandledRejection', note)
  await using sink = await startSinkProcess(seed)
  setDefaultCACertificates([...getCACertificates('default'), sink.authority])
  try {
    const vapid = { subject: 'mailto:proof@pushwell.example', ...(await generateVapidKeys()) }
    const endpoints = { hosts: [new URL(sink.origin).host] }
    const sender = createPushSender({ vapid, endpoints })
    const reports: SendProgress[] = []
    const onProgress = (report: SendProgress): void => void reports.push(report)
    const seen = new Uint8Array(count)
    const message = { notification: { title: 'A million', body: 'of these' } }
    const options = { onProgress }
    const source = targets(sink.origin, count)
    const outcomes: Record<string, number> = { accepted: 0, gone: 0, retry: 0, rejected: 0 }
    let results = 0
    const samples = [sample()]
    const start = performance.now()
    for await (const { target, outcome } of sender.sendAll(source, message, options)) {
      seen[target.index] = (seen[target.index] ?? 0) + 1
      outcomes[outcome.status] = (outcomes[outcome.status] ?? 0) + 1
      results += 1
      if (results % sampleEvery === 0) samples.push(sample())
    }
    const seconds = (performance.now() - start) / 1000
    const lost = seen.filter((times) => times !== 1).length
    const disordered = countDisordered(reports, count)
    const resident = samples.map(({ residentMiB }) => residentMiB)
    const growthMiB = growth(resident.slice(warmUps / sampleEvery))
    const isGrowing = growthMiB > mostGrowthMiB
    return {
      failures: lost + disordered + unhandled + (isGrowing ? 1 : 0),
      results,
      ...outcomes,
      lost,
      disordered,
      unhandled,
      startMiB: Math.round(resident[0] ?? 0),
      fromStartMiB: growth(resident),
      youngMiB: growth(samples.map(({ youngMiB }) => youngMiB)),
      growthMiB,
      residentMiB: Math.round(resident.at(-1) ?? 0),
      reports: reports.length,
      perSecond: Math.round(results / seconds),
    }
  } finally {
    process.off('unhandledRejection', note)
  }
}

interface Sample {
  readonly residentMiB: number
  /** Of it, what V8 has for young objects. */
  readonly youngMiB: number
}

function sample(): Sample {
  const young = getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')
  return {
    residentMiB: process.memoryUsage.rss() / 2 ** 20,
    youngMiB: (young?.physical_space_size ?? 0) / 2 ** 20,
  }
}

interface Target {
  readonly index: number
  readonly subscription: PushSubscriptionData
}

function* targets(origin: string, count: number): Generator<Target> {
  const keys = Array.from({ length: browsers }, () =>
    createECDH('prime256v1').generateKeys('base64url'),
  )
  const base = `${origin}/wpush/v2/`
  for (let index = 0; index < count; index++) {
    const p256dh = keys[index % browsers] ?? ''
    const auth = randomBytes(16).toString('base64url')
    const endpoint = `${base}${index}-${randomBytes(60).toString('base64url')}`
    yield { index, subscription: { endpoint, keys: { p256dh, auth } } }
  }
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

/** By how much it was ever more than at first. */
function growth([first = 0, ...later]: readonly number[]): number {
  return Math.round(Math.max(first, ...later) - first)
}
