import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { ProofFigures, ProofOptions } from '../../scripts/prove.ts'
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

/** The service is looked at after so many. */
const roundConnections = 500

const queuedMessages = 100

/** How long the service gives a peer, and how long it may take to hang up at the most. */
const serviceTimeoutMs = 300
const hangUpWithinMs = 5000

const maxGrowthOctets = 16 * 1024 * 1024

/**
 * Makes `count` connections to one push service and throws garbage at it over each: octets, HTTP,
 * WebSocket, TLS and MCS that are cut, changed or made up.
 *
 * It fails for each connection that the service neither answers nor closes, for each push that is
 * not served meanwhile, for each waiting message that does not arrive as it was sent, and when the
 * heap has grown by more than 16 MiB over the second half.
 */
export async function garbage({ count, seed }: ProofOptions): Promise<ProofFigures> {
  const random = createRandom(seed)
  await using service = await startPushService({ timeoutMs: serviceTimeoutMs })
  const bystander = await connectBrowser(service)
  const served = await bystander.subscribe('served')
  const absent = await connectBrowser(service)
  const waiting = await queueMessages(absent, random)
  const target = await aim(service)
  const heap: number[] = []
  let [hung, unserved] = [0, 0]
  for (let done = 0; done < count; done += roundConnections) {
    const round = Math.min(roundConnections, count - done)
    hung += await throwAll(service, target, round, random)
    if (!(await isServed(bystander, served))) unserved += 1
    heap.push(heapAfterCollection())
  }
  const lost = await countLost(service, absent.uaid, waiting)
  const grown = growth(heap)
  const failures = hung + unserved + lost + (grown > maxGrowthOctets ? 1 : 0)
  return { failures, connections: count, hung, unserved, lost, grownOctets: grown }
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

function heapAfterCollection(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  return process.memoryUsage().heapUsed + process.memoryUsage().external
}

/** From the middle to the end: until then caches and tables fill that have bounds. */
function growth(heap: readonly number[]): number {
  const middle = heap[Math.floor(heap.length / 2)] ?? 0
  return Math.max(0, (heap.at(-1) ?? 0) - middle)
}
