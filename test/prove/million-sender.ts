import { createECDH, randomBytes } from 'node:crypto'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import {
  generateVapidKeys,
  type PushSubscriptionData,
  type SendProgress,
} from '../../src/server/index.ts'
import { createPushSender } from '../../src/server-node/index.ts'

/** What a process is to do. */
export interface MillionTask {
  /** The push service's. */
  readonly origin: string
  /** PEM: what is to be trusted. */
  readonly authority: string
  readonly count: number
}

/** What came of it. */
export interface MillionTally {
  readonly results: number
  readonly accepted: number
  readonly gone: number
  readonly retry: number
  readonly rejected: number
  /** Subscriptions without exactly one outcome. */
  readonly lost: number
  /** Reports whose counts went back or do not add up. */
  readonly disordered: number
  /** Rejections that nobody handled. */
  readonly unhandled: number
  readonly reports: number
  readonly perSecond: number
  /** Resident, before the first message. */
  readonly startMiB: number
  /** The most that it ever was above that. */
  readonly growthMiB: number
  /** The most that it ever was above the most that it was in the first 50,000. */
  readonly laterMiB: number
}

/** By then, V8 left to itself has what it takes. */
const early = 50_000

/** Keys are the slow part of making a subscription: so many browsers have several each. */
const browsers = 500

async function sendMillion({ origin, authority, count }: MillionTask): Promise<MillionTally> {
  let unhandled = 0
  process.on('unhandledRejection', () => (unhandled += 1))
  setDefaultCACertificates([...getCACertificates('default'), authority])
  const vapid = { subject: 'mailto:proof@pushwell.example', ...(await generateVapidKeys()) }
  const endpoints = { hosts: [new URL(origin).host] }
  const sender = createPushSender({ vapid, endpoints })
  const reports: SendProgress[] = []
  const onProgress = (report: SendProgress): void => void reports.push(report)
  const seen = new Uint8Array(count)
  const message = { notification: { title: 'A million', body: 'of these' } }
  const outcomes = { accepted: 0, gone: 0, retry: 0, rejected: 0 }
  const source = targets(origin, count)
  let results = 0
  const startMiB = process.memoryUsage.rss() / 2 ** 20
  let earlyMiB: number | undefined
  const start = performance.now()
  for await (const { target, outcome } of sender.sendAll(source, message, { onProgress })) {
    seen[target.index] = (seen[target.index] ?? 0) + 1
    if (outcome.status !== 'checked') outcomes[outcome.status] += 1
    results += 1
    if (results === early) earlyMiB = mostMiB()
  }
  const seconds = (performance.now() - start) / 1000
  return {
    results,
    ...outcomes,
    lost: seen.filter((times) => times !== 1).length,
    disordered: countDisordered(reports, count),
    unhandled,
    reports: reports.length,
    perSecond: Math.round(results / seconds),
    startMiB: Math.round(startMiB),
    growthMiB: Math.round(mostMiB() - startMiB),
    laterMiB: Math.round(mostMiB() - (earlyMiB ?? mostMiB())),
  }
}

/** The most that was ever resident, by the system's own count. */
function mostMiB(): number {
  return process.resourceUsage().maxRSS / 2 ** 10
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

// Whoever started it may have been ended.
process.once('disconnect', () => process.exit())
process.once('message', (task: MillionTask) => {
  sendMillion(task).then(
    (tally) => process.send?.(tally, () => process.exit()),
    (error: unknown) => {
      console.error(error)
      process.exit(1)
    },
  )
})
