import type { BenchOptions, BenchResult } from '../scripts/bench.ts'
import { generateVapidKeys } from '../src/server/index.ts'
import type { Contender } from './sender/contender.ts'
import { deliveriesInFlight, timeDelivering } from './sender/delivering.ts'
import { readAll, timeMaking } from './sender/making.ts'
import { memoryGrowth } from './sender/memory-growth.ts'
import { ownContenders } from './sender/own-contenders.ts'
import { peers } from './sender/peers.ts'
import { medianRatio, twoPlaces, type Times } from './sender/rounds.ts'
import { synchronousLimits } from './sender/synchronous-limit.ts'
import { startTlsService } from './sender/tls-service.ts'

type Rows = Record<string, string | number>[]
type Figures = Record<string, number>

/**
 * Measures the sender against web-push, the other senders of the npm registry, and the least that a
 * sender has to do: how it makes requests, how it sends them all the way to a local service with
 * TLS, and how much memory that takes. What each contender makes is read first, with `http_ece`.
 *
 * - `known` sends to the same 100 subscriptions again and again, and finds their keys imported, as
 *   an app does that writes to the same people. `new` has a subscription for each message that
 *   nobody has seen before, as a campaign has: everything is read and imported.
 * - A ratio is how many times as long the other one took, the median of paired rounds: by the clock,
 *   and by the processor time of all threads (`Cpu`). With the curve on Node's thread pool, the clock
 *   rewards a core that is free, and the processor time does not.
 * - `OfLimit` is the share of the processor time that the synchronous limit, the fastest of the three,
 *   would have done with: 1 is the limit's own speed.
 * - `endToEnd` sends to known subscriptions, a hundred at a time; web-push is at its defaults.
 */
export async function sender({ count }: BenchOptions): Promise<BenchResult> {
  const vapid = { subject: 'mailto:bench@pushwell.example', ...(await generateVapidKeys()) }
  const others = await peers(vapid)
  const limits = synchronousLimits(vapid)
  const own = ownContenders(vapid)
  const contenders = [...others, ...limits, ...own]
  const encodings = await readAll(contenders)
  const rounds = Math.max(5, Math.ceil(count / 5))
  const rows: Rows = []
  const figures: Figures = {}
  for (const octets of [200, 3000]) {
    for (const isKnown of [true, false]) {
      const kind = isKnown ? 'known' : 'new'
      const times = await timeMaking(contenders, { octets, rounds, isKnown })
      rows.push(...rowsOf(contenders, times, `${kind}, ${octets} B`, encodings))
      Object.assign(figures, figuresOf(times, others, `${octets}B${isKnown ? 'Known' : 'New'}`))
    }
  }
  await using service = await startTlsService()
  const sent = await timeDelivering(vapid, service, rounds)
  for (const [name] of sent) {
    const ratios = ratiosOf(sent, name)
    rows.push({ messages: 'sent, 200 B', sender: name, 'in flight': deliveriesInFlight, ...ratios })
  }
  const [slower, faster] = [sent.get('web-push'), sent.get('pushwell, Node')]
  figures['endToEnd'] = twoPlaces(medianRatio(slower, faster))
  figures['endToEndCpu'] = twoPlaces(medianRatio(slower, faster, 'cpuMs'))
  const sends = count * 500
  for (const name of ['web-push', 'pushwell, Node']) {
    const growth = twoPlaces(await memoryGrowth(vapid, service, { name, sends }))
    rows.push({ messages: `sent, ${sends} times`, sender: name, 'growth, MiB': growth })
    figures[name === 'web-push' ? 'webPushGrowthMiB' : 'growthMiB'] = growth
  }
  return { rows, figures }
}

type AllTimes = ReadonlyMap<string, readonly Times[]>

function rowsOf(
  contenders: readonly Contender[],
  times: AllTimes,
  messages: string,
  encodings: ReadonlyMap<string, string>,
): Rows {
  return contenders.map(({ name, inFlight }) => ({
    messages,
    sender: name,
    'in flight': inFlight,
    encoding: encodings.get(name) ?? '',
    ...ratiosOf(times, name),
  }))
}

function ratiosOf(times: AllTimes, name: string): Record<string, number> {
  const webPush = times.get('web-push')
  return {
    '× web-push': twoPlaces(medianRatio(webPush, times.get(name))),
    '× its CPU': twoPlaces(medianRatio(webPush, times.get(name), 'cpuMs')),
  }
}

function figuresOf(times: AllTimes, others: readonly Contender[], which: string): Figures {
  const node = times.get('pushwell, Node')
  const portable = times.get('pushwell, WebCrypto')
  const limits = [...times.keys()].filter((name) => name.startsWith('limit, '))
  const onWebCrypto = others.map(({ name }) => name).filter((name) => name !== 'web-push')
  const least = (
    names: readonly string[],
    against: readonly Times[] | undefined,
    of?: keyof Times,
  ): number =>
    twoPlaces(Math.min(...names.map((name) => medianRatio(times.get(name), against, of))))
  return {
    [`node${which}`]: least(['web-push'], node),
    [`node${which}Cpu`]: least(['web-push'], node, 'cpuMs'),
    [`nodeOfLimit${which}`]: least(limits, node, 'cpuMs'),
    [`webCrypto${which}`]: least(['web-push'], portable),
    [`webCrypto${which}Cpu`]: least(['web-push'], portable, 'cpuMs'),
    [`webCryptoBestPeer${which}`]: least(onWebCrypto, portable),
    [`webCryptoBestPeer${which}Cpu`]: least(onWebCrypto, portable, 'cpuMs'),
  }
}
