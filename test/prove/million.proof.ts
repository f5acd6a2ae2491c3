import { fork } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import type { Proof, ProofFigures, ProofOptions } from '../../scripts/prove.ts'
import type { MillionTask, MillionTally } from './million-sender.ts'
import { startSinkProcess } from './sink-process.ts'

/** What resident memory may grow by, from before the first message. */
const mostGrowthMiB = 64

/**
 * How much room V8 is given, in MiB, as docs/server.md says for where memory is scarce. Left to itself
 * it takes more before it collects, in any program that allocates: how much is `unboundedMiB`.
 */
const bounds = ['--max-old-space-size=128', '--max-semi-space-size=8']

/**
 * Sends one message to `count` subscriptions, made as they are asked for, over the sender's own
 * connections to a push service in another process, which takes most, and has lost one in fifty, and
 * is busy for one in a hundred. It does so twice: with a heap that has bounds, and as Node starts by
 * itself.
 *
 * It fails for each subscription without exactly one outcome, for each report whose counts went back
 * or do not add up, for each rejection that nobody handled; when with bounds resident memory ever is
 * more than 64 MiB above what it was before the first message; and when without them it ever is more
 * than 64 MiB above the most that it was in the first 50,000 (`laterMiB`).
 */
export const million: Proof = { count: 1_000_000, browsers: [], run }

async function run({ count, seed }: ProofOptions): Promise<ProofFigures> {
  const bounded = await send({ count, seed }, bounds)
  const unbounded = await send({ count, seed }, [])
  const isGrowing = [bounded.growthMiB, unbounded.laterMiB].filter((mib) => mib > mostGrowthMiB)
  return {
    ...bounded,
    failures: isGrowing.length + wrongs(bounded) + wrongs(unbounded),
    unboundedMiB: unbounded.growthMiB,
    unboundedLaterMiB: unbounded.laterMiB,
    unboundedPerSecond: unbounded.perSecond,
  }
}

function wrongs({ lost, disordered, unhandled }: MillionTally): number {
  return lost + disordered + unhandled
}

/** Sends in a process of its own, with these options of Node's. */
async function send(
  { count, seed }: ProofOptions,
  execArgv: readonly string[],
): Promise<MillionTally> {
  await using sink = await startSinkProcess(seed)
  const file = path.join(import.meta.dirname, 'million-sender.ts')
  const child = fork(file, { execArgv: [...execArgv] })
  const ended = once(child, 'exit').then(([code, signal]: unknown[]) => {
    throw new Error(`The sending process ended with ${String(code ?? signal)}.`)
  })
  child.send({ origin: sink.origin, authority: sink.authority, count } satisfies MillionTask)
  const [tally] = (await Promise.race([once(child, 'message'), ended])) as [MillionTally]
  await ended.catch(() => {})
  return tally
}
