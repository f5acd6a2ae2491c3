import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Proof, ProofFigures, ProofOptions } from '../../scripts/prove.ts'
import { startPushService } from '../../src/testing/index.ts'
import type { PushService } from '../../src/testing/index.ts'
import { connectBrowser } from '../testing/push-service/autopush-client.ts'
import type { AutopushClient } from '../testing/push-service/autopush-client.ts'
import { postPush } from '../testing/push-service/push-sender.ts'
import { createRandom } from './random.ts'
import type { Random } from './random.ts'
import { throwGarbage } from './throw-garbage.ts'

/** Connections at a time. */
const concurrency = 24

/** Connections before those that count: code is compiled, and tables get their size. */
const warmUps = 400

/** The service is looked at so often, whatever the count. */
const rounds = 10

const queuedMessages = 100

/** How long the service gives a peer, and how long it may take to hang up at the most. */
const serviceTimeoutMs = 300
const hangUpWithinMs = 5000

/** What may be kept of a connection: the service's own record of how it answered is some 300. */
const maxOctetsPerConnection = 1024

/** In a short run the heap's own ups and downs are as large as this. */
const noiseOctets = 1024 * 1024

/**
 * Makes `count` connections to one push service and throws garbage at it over each: octets, HTTP,
 * WebSocket, TLS and MCS that are cut, changed or made up.
 *
 * It fails for each connection that the service neither answers nor closes, for each push that is
 * not served meanwhile, for each waiting message that does not arrive as it was sent, and when the
 * heap grows by more than 1 KiB with each connection, and by more than 1 MiB in all.
 */
export const garbage: Proof = { count: 10_000, browsers: [], run }

async function run({ count, seed }: ProofOptions): Promise<ProofFigures> {
  const random = createRandom(seed)
  await using service = await startPushService({ timeoutMs: serviceTimeoutMs })
  const bystander = await connectBrowser(service)
  const served = await bystander.subscribe('served')
  const absent = await connectBrowser(service)
  const waiting = await queueMessages(absent, random)
  const target = await aim(service)
  const heap: HeapSample[] = []
  let hung = await throwAll(service, target, warmUps, random)
  let unserved = 0
  for (let round = 1, done = 0; round <= rounds; round++) {
    const goal = Math.round((count * round) / rounds)
    hung += await throwAll(service, target, goal - done, random)
    done = goal
    if (!(await isServed(bystander, served))) unserved += 1
    heap.push({ connections: done, octets: await heapAfterCollection() })
  }
  const lost = await countLost(service, absent.uaid, waiting)
  const octetsPerConnection = growth(heap)
  const isGrowing =
    octetsPerConnection > maxOctetsPerConnection && octetsPerConnection * count > noiseOctets
  const failures = hung + unserved + lost + (isGrowing ? 1 : 0)
  return {
    failures,
    connections: count,
    hung,
    unserved,
    lost,
    octetsPerConnection,
    samples: rounds,
  }
}

/** The endpoint that garbage is sent to: it takes nobody's pushes, so that none is accepted. */
async function aim(service: PushService): Promise<string> {
  const browser = await connectBrowser(service)
  const key = `B${'A'.repeat(86)}`
  const endpoint = await browser.subscribe('aim', key)
  await browser.terminate()
  return new URL(endpoint).pathname
}

async function queueMessages(browser: AutopushClient, random: Random): Promise<Buffer[]> {
  const endpoint = await browser.subscribe('waiting')
  await browser.terminate()
  const bodies = Array.from({ length: queuedMessages }, () => random.octets(1 + random.below(4096)))
  for (const body of bodies) {
    const { status } = await postPush(endpoint, { ttl: '86400' }, new Uint8Array(body))
    if (status !== 201) throw new Error(`A message was answered ${status} before the garbage.`)
  }
  return bodies
}

async function throwAll(
  service: PushService,
  path: string,
  count: number,
  random: Random,
): Promise<number> {
  let left = count
  let hung = 0
  const throwNext = async () => {
    while (left > 0) {
      left -= 1
      if (!(await throwGarbage(service, { path, random, patienceMs: hangUpWithinMs }))) hung += 1
    }
  }
  await Promise.all(Array.from({ length: concurrency }, throwNext))
  return hung
}

async function isServed(browser: AutopushClient, endpoint: string): Promise<boolean> {
  const { status } = await postPush(endpoint, {}, 'still there')
  if (status !== 201) return false
  browser.ack(await browser.next('notification'))
  await browser.settle()
  return true
}

/** Those that do not come, or not as they were sent. */
async function countLost(
  service: PushService,
  uaid: string,
  bodies: readonly Buffer[],
): Promise<number> {
  const browser = await connectBrowser(service, uaid)
  await browser.settle()
  const arrived = browser.unread.map(({ data }) => String(data))
  const sent = bodies.map((body) => body.toString('base64url'))
  return sent.filter((data, index) => data !== arrived[index]).length
}

/** What the heap holds at one moment. */
interface HeapSample {
  /** How many were over. */
  readonly connections: number
  readonly octets: number
}

async function heapAfterCollection(): Promise<number> {
  // The last connections' ends are still on their way through the loop.
  await new Promise((resolve) => setImmediate(resolve))
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

/**
 * By how many octets the heap grows with each connection: the median of the slopes between any two
 * samples (Theil and Sen), so that no single sample decides.
 */
function growth(heap: readonly HeapSample[]): number {
  const slopes = heap.flatMap((one, index) =>
    heap
      .slice(index + 1)
      .filter(({ connections }) => connections > one.connections)
      .map((other) => (other.octets - one.octets) / (other.connections - one.connections)),
  )
  const sorted = slopes.toSorted((one, other) => one - other)
  return Math.round(sorted[Math.floor(sorted.length / 2)] ?? 0)
}
