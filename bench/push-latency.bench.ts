import type { BenchOptions, BenchResult } from '../scripts/bench.ts'
import { ensureBrowsers } from '../scripts/browsers.ts'
import { type BrowserEngine, startPushService } from '../src/testing/index.ts'
import { startBarePushService } from './bare-push-service/start-bare-push-service.ts'
import { startLatencySide } from './latency-side.ts'
import { startLatencySite } from './latency-site.ts'
import { quantile, round } from './quantile.ts'

const engines: readonly BrowserEngine[] = ['firefox', 'chromium']

/** So many messages a side go before those that count. */
const warmUps = 20

/**
 * Measures the time from the POST of an encrypted message to its push event: through our push
 * service, and through one that does no more than it must. Each has a browser of its own; they take
 * turns, and so does who comes first.
 */
export async function pushLatency({ count }: BenchOptions): Promise<BenchResult> {
  await ensureBrowsers(engines, console.error)
  const rows: Record<string, string | number>[] = []
  const figures: Record<string, number> = {}
  for (const engine of engines) {
    const { ours, bare } = await timesOf(engine, count)
    const ratio = round(quantile(ours, 0.5) / quantile(bare, 0.5))
    rows.push({ engine, service: 'pushwell/testing', ...milliseconds(ours), ratio })
    rows.push({ engine, service: 'bare', ...milliseconds(bare), ratio: 1 })
    figures[`${engine}Milliseconds`] = round(quantile(ours, 0.5))
    figures[`${engine}BareMilliseconds`] = round(quantile(bare, 0.5))
    figures[`${engine}Ratio`] = ratio
  }
  return { rows, figures }
}

async function timesOf(engine: BrowserEngine, count: number) {
  await using stack = new AsyncDisposableStack()
  const site = stack.use(await startLatencySite())
  const start = async (service: Parameters<typeof startLatencySide>[0]['service']) =>
    stack.use(await startLatencySide({ engine, site, service }))
  const sides = [
    { name: 'ours', side: await start(stack.use(await startPushService())) },
    { name: 'bare', side: await start(stack.use(await startBarePushService())) },
  ] as const
  const times = { ours: [] as number[], bare: [] as number[] }
  for (let turn = -warmUps; turn < count; turn++) {
    for (const { name, side } of turn % 2 === 0 ? sides : sides.toReversed()) {
      const time = await side.time(`${name}${turn}`)
      if (turn >= 0) times[name].push(time)
    }
  }
  return times
}

function milliseconds(times: readonly number[]) {
  return {
    messages: times.length,
    'median ms': round(quantile(times, 0.5)),
    '25 % ms': round(quantile(times, 0.25)),
    '75 % ms': round(quantile(times, 0.75)),
  }
}
