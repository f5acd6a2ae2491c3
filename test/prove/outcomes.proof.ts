import { createHash, createECDH, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Proof, ProofFigures, ProofOptions } from '../../scripts/prove.ts'
import {
  generateVapidKeys,
  type PushSubscriptionData,
  type SendProgress,
} from '../../src/server/index.ts'
import { createPushSender } from '../../src/server-node/index.ts'
import { createRandom, type Random } from './random.ts'

/** How long the sender waits for an answer: one in thirty gets none. */
const timeoutMs = 500

/** So few that some are used up. */
const attempts = 2

/**
 * Sends one message to `count` subscriptions at a local push service of which one request in ten
 * fails: with 429, with 500, or with silence.
 *
 * It fails for each subscription without exactly one outcome, for each outcome that is not what the
 * service did last, for each second try with another body than the first, and when the sums are not
 * right.
 */
export const outcomes: Proof = { count: 20_000, browsers: [], run }

async function run({ count, seed }: ProofOptions): Promise<ProofFigures> {
  await using service = await startFailingService(createRandom(seed))
  const vapid = { subject: 'mailto:proof@pushwell.example', ...(await generateVapidKeys()) }
  const endpoints = (url: URL): boolean => url.origin === service.origin
  const sender = createPushSender({ vapid, endpoints, timeoutMs })
  const finals = new Map<string, string>()
  const counts: Record<string, number> = { accepted: 0, retry: 0, gone: 0, rejected: 0 }
  let doubled = 0
  let last: SendProgress | undefined
  const onProgress = (report: SendProgress): void => void (last = report)
  const options = { attempts, onProgress, concurrency: 200, ttl: 600 }
  const message = { notification: { title: 'Ten percent' } }
  const targets = subscriptions(service.origin, count)
  for await (const { target, outcome } of sender.sendAll(targets, message, options)) {
    const path = new URL(target.endpoint).pathname
    if (finals.has(path)) doubled += 1
    finals.set(path, outcome.status)
    counts[outcome.status] = (counts[outcome.status] ?? 0) + 1
  }
  let wrong = 0
  let changed = 0
  for (const [path, status] of finals) {
    const record = service.records.get(path)
    if (record?.last !== status) wrong += 1
    changed += (record?.bodies.size ?? 1) - 1
  }
  const missing = count - finals.size
  const sum = Object.values(counts).reduce((total, some) => total + some, 0)
  const isSumRight =
    sum === count &&
    last?.done === count &&
    last.accepted === counts['accepted'] &&
    last.retry === counts['retry']
  return {
    failures: missing + doubled + wrong + changed + (isSumRight ? 0 : 1),
    missing,
    doubled,
    wrong,
    changed,
    ...counts,
    requests: service.requests(),
    failed: service.failed(),
  }
}

function* subscriptions(origin: string, count: number): Generator<PushSubscriptionData> {
  for (let index = 0; index < count; index++) {
    const p256dh = createECDH('prime256v1').generateKeys('base64url')
    const auth = randomBytes(16).toString('base64url')
    yield { endpoint: `${origin}/p/${index}`, keys: { p256dh, auth } }
  }
}

/** What a service did for one subscription. */
interface ServiceRecord {
  /** The outcome that follows from its last answer. */
  last: 'accepted' | 'retry'
  /** What was sent, as hashes. */
  readonly bodies: Set<string>
}

async function startFailingService(random: Random) {
  const records = new Map<string, ServiceRecord>()
  let requests = 0
  let failed = 0
  const server = createServer((request, response) => {
    const hash = createHash('sha256')
    request.on('data', (chunk: Buffer) => hash.update(chunk))
    request.on('end', () => {
      const record: ServiceRecord = records.get(request.url ?? '') ?? {
        last: 'retry',
        bodies: new Set(),
      }
      records.set(request.url ?? '', record)
      record.bodies.add(hash.digest('hex'))
      const isFailing = random.below(10) === 0
      record.last = isFailing ? 'retry' : 'accepted'
      requests += 1
      if (isFailing) failed += 1
      if (isFailing) fail(response, random)
      else response.writeHead(201).end()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    records,
    requests: () => requests,
    failed: () => failed,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function fail(response: ServerResponse, random: Random): void {
  const kind = random.below(3)
  if (kind === 0) response.writeHead(429, { 'Retry-After': '1' }).end()
  else if (kind === 1) response.writeHead(500).end('oops')
  // Else it says nothing at all.
}
