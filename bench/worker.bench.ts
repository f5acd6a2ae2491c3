import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { BenchOptions, BenchResult } from '../scripts/bench.ts'
import { ensureBrowsers } from '../scripts/browsers.ts'
import { root } from '../scripts/run-command.ts'
import { launchBrowser } from '../src/testing/index.ts'
import { bundleWorker } from './bundle-worker.ts'
import { type ChromiumWorkers, connectWorkers } from './chromium-workers.ts'
import { quantile, round } from './quantile.ts'
import { floorWorker, type PushReport, startWorkerSite, type WorkerSite } from './worker-site.ts'

const routes = `PushwellWorker.createPushWorker({ fallback: { title: 'Bench' } })
  .on('order', { notification: ({ data }) => ({ title: 'Order ' + data.id, tag: 'bench', navigate: '/orders/' + data.id }) })`

/**
 * Each side: its worker, and whether its messages have an id, which is looked up before they are
 * shown. `without-id` and `with-id` are bundled with what they use, as an app with a bundler has it;
 * `import-scripts` has everything.
 */
const sides = {
  floor: { kind: 'floor', hasId: false },
  'floor-again': { kind: 'floor', hasId: false },
  'without-id': { kind: 'bundled', hasId: false },
  'with-id': { kind: 'bundled', hasId: true },
  'import-scripts': { kind: 'whole', hasId: true },
} as const

type Side = keyof typeof sides
type Times = Record<'wake' | 'call' | 'shown', number[]>

const names = Object.keys(sides) as readonly Side[]

/** Milliseconds of rest before each push: the worker's and the browser's work of the one before ends. */
const restMs = 50
/** So many rounds go before those that count. */
const warmUps = 3

/**
 * Measures what the worker costs beside one that is written by hand and does no more than it must, in
 * one Chromium: until a worker that was ended has the push event (`wake`), from there to the call of
 * `showNotification` (`call`), and from the push to the end of that call (`shown`). The sides take
 * turns, each cold and then warm; the floor stands there twice, to show the noise.
 */
export async function worker({ count }: BenchOptions): Promise<BenchResult> {
  await ensureBrowsers(['chromium'], console.error)
  await using stack = new AsyncDisposableStack()
  const scripts = {
    floor: { imports: floorWorker, own: '' },
    bundled: { imports: await bundleWorker(), own: routes },
    whole: {
      imports: await readFile(path.join(root, 'dist/pushwell-sw.global.js'), 'utf8'),
      own: routes,
    },
  }
  const workers = names.map((name) => [name, scripts[sides[name].kind]] as const)
  const site = stack.use(await startWorkerSite(Object.fromEntries(workers)))
  const browser = stack.use(
    await launchBrowser('chromium', { permissions: { [site.origin]: 'granted' } }),
  )
  const tab = await browser.newPage(site.origin)
  await tab.evaluate(async (scopes: readonly string[]) => {
    for (const scope of scopes) {
      const { installing } = await navigator.serviceWorker.register(`/${scope}/sw.js`)
      await new Promise<void>((resolve) => {
        const look = () => installing?.state === 'activated' && resolve()
        installing?.addEventListener('statechange', look)
        look()
      })
    }
  }, names)
  const endpoint = browser.puppeteer.wsEndpoint()
  await browser.puppeteer.disconnect()
  const times = await timesOf(site, stack.use(await connectWorkers(endpoint, site.origin)), count)
  const rows: Record<string, string | number>[] = []
  const figures: Record<string, number> = {}
  for (const state of ['cold', 'warm'] as const) {
    const floor = times[state].floor
    for (const name of names) {
      const own = times[state][name]
      const middle = (moment: keyof Times) => round(quantile(own[moment], 0.5))
      // Of each round, what came between the two: whatever slows the machine slows both.
      const over = (moment: keyof Times) =>
        round(
          quantile(
            own[moment].map((time, turn) => time - (floor[moment][turn] ?? 0)),
            0.5,
          ),
        )
      const row = { wake: middle('wake'), call: middle('call'), shown: middle('shown') }
      const beside = { 'wake Δ': over('wake'), 'shown Δ': over('shown') }
      rows.push({ worker: name, state, ...row, ...beside })
      figures[`${state} ${name} call`] = row.call
      figures[`${state} ${name} wake over floor`] = beside['wake Δ']
      figures[`${state} ${name} shown over floor`] = beside['shown Δ']
    }
  }
  // Puppeteer has let go of the browser, and could not close it any more.
  await browser.kill()
  return { rows, figures }
}

async function timesOf(site: WorkerSite, workers: ChromiumWorkers, count: number) {
  const empty = (): Times => ({ wake: [], call: [], shown: [] })
  const sidesEmpty = () => Object.fromEntries(names.map((name) => [name, empty()]))
  const times = { cold: sidesEmpty(), warm: sidesEmpty() } as Record<
    'cold' | 'warm',
    Record<Side, Times>
  >
  for (let turn = -warmUps; turn < count; turn++) {
    // Who comes first goes round.
    const shift = (turn + warmUps) % names.length
    for (const name of [...names.slice(shift), ...names.slice(0, shift)]) {
      const scope = `${site.origin}/${name}/`
      await workers.stop(scope)
      for (const state of ['cold', 'warm'] as const) {
        // What came after the push before is no part of this one.
        await setTimeout(restMs)
        const message = payload(sides[name].hasId ? `${turn} ${state}` : undefined)
        const reporting = site.report(name)
        const start = performance.timeOrigin + performance.now()
        await Promise.all([workers.push(scope, message), reporting])
        if (turn >= 0) note(times[state][name], start, await reporting)
      }
    }
  }
  return times
}

function payload(id: string | undefined): string {
  const notification = { title: 'Order 42', tag: 'bench', navigate: '/orders/42' }
  return JSON.stringify({
    web_push: 8030,
    notification,
    pushwell: { v: 1, id, type: 'order', data: { id: 42 } },
  })
}

function note(times: Times, start: number, { event, call, shown }: PushReport): void {
  times.wake.push(event - start)
  times.call.push(call - event)
  times.shown.push(shown - start)
}
