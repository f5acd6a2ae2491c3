import type { BenchOptions, BenchResult } from '../scripts/bench.ts'
import { generateVapidKeys } from '../src/server/index.ts'
import type { Contender } from './sender/contender.ts'
import { readAll, timeMaking } from './sender/making.ts'
import { ownContenders } from './sender/own-contenders.ts'
import { peers } from './sender/peers.ts'
import { medianRatio, twoPlaces, type Times } from './sender/rounds.ts'
import { synchronousLimits } from './sender/synchronous-limit.ts'

type Rows = Record<string, string | number>[]
type Figures = Record<string, number>

/**
 * Measures the sender against web-push, the other senders of the npm registry, and the least that a
 * sender has to do: how it makes requests. What each contender makes is read first, with `http_ece`.
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
    const times = await timeMaking(contenders, { octets, rounds, isKnown: true })
    rows.push(...rowsOf(contenders, times, `known, ${octets} B`, encodings))
    Object.assign(figures, figuresOf(times, others, `${octets}B`))
  }
  const few = contenders.filter(({ name }) => /^(web-push|pushwell.*)$/.test(name))
  const times = await timeMaking(few, { octets: 200, rounds, isKnown: false })
  rows.push(...rowsOf(few, times, 'new, 200 B', encodings))
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
    '× web-push': twoPlaces(medianRatio(times.get('web-push'), times.get(name))),
    '× its CPU': twoPlaces(medianRatio(times.get('web-push'), times.get(name), 'cpuMs')),
  }))
}

function figuresOf(times: AllTimes, others: readonly Contender[], size: string): Figures {
  const node = times.get('pushwell, Node')
  const portable = times.get('pushwell, WebCrypto')
  const onWebCrypto = others.filter(({ name }) => name !== 'web-push')
  const least = (names: readonly string[], against: readonly Times[] = []): number =>
    twoPlaces(Math.min(...names.map((name) => medianRatio(times.get(name), against))))
  return {
    [`node${size}`]: least(['web-push'], node),
    [`nodeOfLimit${size}`]: least(['limit, createHmac', 'limit, JavaScript'], node),
    [`webCrypto${size}`]: least(['web-push'], portable),
    [`webCryptoBestPeer${size}`]: least(
      onWebCrypto.map(({ name }) => name),
      portable,
    ),
  }
}
