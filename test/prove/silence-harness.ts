import { readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { type LoadedWorker, loadWorker, type WorkerEngine } from '../../src/testing/worker/index.ts'
import { answerSilence } from './answer-silence.ts'
import type { Random } from './random.ts'
import { graceMs, makeCase, makeConditions, type SilenceCase } from './silence-cases.ts'
import type { SilenceTally } from './silence-tally.ts'

const engines: readonly WorkerEngine[] = ['chromium', 'firefox', 'webkit']

const deadlineMs = 40
/** Milliseconds between two looks at the screen. */
const lookMs = 5
/** After so many milliseconds a notification is late; what the thread itself stood still is no part of it. */
export const harnessLimitMs: number = deadlineMs + graceMs + 250
/** After which no route is heard any more. */
const lateMs = 8 * deadlineMs
/** Messages for one worker, which come one after the other. */
const batchSize = 20
/** Workers at a time. */
const concurrency = 24
/** What keeps a push from its end: storage that hangs, twice. */
const eventTimeoutMs = 60_000

const script = new URL('../browser/fixtures/silence-worker.js', import.meta.url)
const library = new URL('../../dist/pushwell-sw.global.js', import.meta.url)

/** Runs so many cases in the harness, as all engines in turn. */
export async function silenceInHarness(
  count: number,
  random: Random,
  tally: SilenceTally,
): Promise<void> {
  const code = await readFile(library, 'utf8')
  const batches = Array.from({ length: Math.ceil(count / batchSize) }, (_, index) => {
    const conditions = makeConditions(random)
    const first = index * batchSize
    const length = Math.min(batchSize, count - first)
    const cases = Array.from({ length }, (__, at) => makeCase(random, first + at, deadlineMs))
    return { engine: engines[index % 3] ?? 'chromium', conditions, cases }
  })
  const runNext = async () => {
    for (let batch = batches.shift(); batch; batch = batches.shift()) {
      const { engine, conditions, cases } = batch
      await using worker = await start(engine, code)
      await worker.message({ silence: conditions })
      // A page that has the focus and never answers; where it can be seen, engines excuse more.
      if (conditions.parts.includes('foreground')) {
        worker.focusWindow(worker.openWindow())
      }
      for (const [index, one] of cases.entries()) {
        if (index === batchSize / 2) await restart(worker, conditions)
        await runCase(worker, one, tally, `${engine}, ${JSON.stringify(conditions)}`)
      }
      await losePermission(worker, cases.at(-1)?.number ?? 0, tally)
    }
  }
  await Promise.all(Array.from({ length: concurrency }, runNext))
}

async function start(engine: WorkerEngine, code: string): Promise<LoadedWorker> {
  const worker = await loadWorker(script, {
    engine,
    eventTimeoutMs,
    scripts: { '/pushwell-sw.global.js': code },
    async fetch({ url, signal }) {
      const answer = await answerSilence(url)
      if (answer === 'cut') throw new TypeError('The connection broke.')
      if (answer instanceof Response) return answer
      return new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error))
      })
    },
  })
  // It makes the database, into which the worker writes who is signed in.
  await worker.push()
  await worker.message({ silence: { recipient: 'anna', deadlineMs } })
  await dismissAll(worker)
  return worker
}

async function restart(worker: LoadedWorker, conditions: object): Promise<void> {
  await worker.restart()
  await worker.message({ silence: conditions })
}

async function dismissAll(worker: LoadedWorker): Promise<void> {
  for (const shown of worker.notifications) await worker.close(shown)
}

async function runCase(
  worker: LoadedWorker,
  one: SilenceCase,
  tally: SilenceTally,
  where: string,
): Promise<void> {
  const { history: before } = worker
  const push = async () => {
    let looked = performance.now()
    let ms = 0
    let isThere = false
    // Two dozen workers share one thread, which shares its processor: only what it ran counts.
    const look = () => {
      const now = performance.now()
      if (!isThere) ms += Math.min(now - looked, 2 * lookMs)
      looked = now
      isThere ||= worker.history.length > before.length
    }
    const watch = setInterval(look, lookMs)
    const result = await worker.push(one.payload)
    clearInterval(watch)
    look()
    return { ...result, ms }
  }
  const first = push()
  // Messages that the engine shows by itself never come to the worker, which cannot know them again.
  const isOurs = one.atOnce || (await first).handled
  const repeats = Array.from({ length: isOurs ? one.deliveries - 1 : 0 }, () => push())
  const results = await Promise.all([first, ...repeats])
  // What comes late is not waited for by the push; it must come before the screen is judged.
  const isCertain = worker.engine === 'webkit' || results.every(({ ms }) => ms < deadlineMs / 2)
  if (!isCertain) await delay(lateMs)
  const shown = worker.history.slice(before.length)
  const onScreen = worker.notifications.length
  const loud = shown.filter(({ source, silent }) => source !== 'worker' || silent !== true)
  tally.countBatch([one], where, {
    silent: Number(onScreen === 0 || results.some(({ penalty }) => penalty !== 'none')),
    // None, when the message itself asks for silence.
    double: Number(onScreen > 1 || loud.length > 1),
    failed: results.filter(({ failed }) => failed !== undefined).length,
    milliseconds: results[0]?.ms ?? 0,
    shown,
  })
  await dismissAll(worker)
}

/**
 * A permission that goes while a message is under way leaves nothing to be shown; the message counts
 * as not shown then, and is shown when it comes again.
 */
async function losePermission(
  worker: LoadedWorker,
  number: number,
  tally: SilenceTally,
): Promise<void> {
  const { subscription } = worker
  if (!subscription) return
  await worker.message({ silence: { storage: 'good', show: 'good', parts: [] } })
  const type = 'late'
  const data = { number, ms: deadlineMs / 2 }
  const payload = JSON.stringify({ pushwell: { v: 1, id: `permission ${number}`, type, data } })
  const pushing = worker.push(payload)
  worker.permission = 'denied'
  const { shown } = await pushing
  worker.permission = 'granted'
  const { registration } = worker.scope as { registration: ServiceWorkerRegistration }
  await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key })
  const again = await worker.push(payload)
  const one = { kind: 'permission', number, payload: undefined, deliveries: 2, atOnce: false }
  tally.countBatch([one], worker.engine, {
    silent: Number(worker.notifications.length === 0 || again.penalty !== 'none'),
    double: Number(byWorker(shown).length > 0 || byWorker(worker.notifications).length > 1),
    failed: Number('failed' in again),
    milliseconds: 0,
  })
}

function byWorker(notifications: LoadedWorker['notifications']): LoadedWorker['notifications'] {
  return notifications.filter(({ source }) => source === 'worker')
}

/** Any point on the curve: the generator of P-256. */
const key =
  'BGsX0fLhLEJH-Lzm5WOkQPJ3A32BLeszoPShOUXYmMKWT-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU'
