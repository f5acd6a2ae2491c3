import { startParts } from '../../examples/trip/start-parts.ts'
import { createStepRunner } from '../../examples/trip/steps.ts'
import { makeTrip, type TripParts } from '../../examples/trip/trip.ts'
import type { Proof, ProofFigures, ProofOptions } from '../../scripts/prove.ts'
import type { BrowserEngine } from '../../src/testing/index.ts'
import { leftBehind } from './left-behind.ts'

/** After how many trips the browser is restarted on its profile, as a user restarts theirs. */
const tripsPerSession = 10

/**
 * Makes the whole trip `count` times an engine, one after another, on one profile.
 *
 * It fails for each trip that does not come to its end, and for each process, socket and folder
 * that is left when everything is closed.
 */
export const trips: Proof = { count: 100, browsers: ['firefox', 'chromium'], run }

async function run({ count }: ProofOptions): Promise<ProofFigures> {
  let failures = 0
  const left = await leftBehind(async () => {
    for (const engine of ['firefox', 'chromium'] as const) failures += await tripsOf(engine, count)
  })
  for (const name of left) console.error(`Left behind: ${name}`)
  return { failures: failures + left.length, trips: 2 * count, left: left.length }
}

async function tripsOf(engine: BrowserEngine, count: number): Promise<number> {
  await using stack = new AsyncDisposableStack()
  const parts = await startParts(stack, { engine, port: 0, environment: {} })
  let failures = 0
  for (let trip = 1; trip <= count; trip++) {
    const step = createStepRunner((report) => {
      if (!report.ok) console.error(engine, trip, report)
    })
    try {
      await makeTrip(parts, step)
    } catch {
      failures += 1
    }
    await endTrip(parts)
    if (trip % tripsPerSession === 0) await parts.browser.restart()
  }
  return failures
}

/** Undoes a trip, so that the next one starts where this one did. */
async function endTrip({ backend, browser }: TripParts): Promise<void> {
  const earlier = await browser.puppeteer.pages()
  const page = await browser.newPage(backend.url)
  await page.waitForFunction(() => document.querySelector('#status')?.textContent === 'subscribed')
  await page.click('#disable')
  await page.waitForFunction(
    () => document.querySelector('#status')?.textContent === 'unsubscribed',
  )
  await browser.newPage('about:blank')
  for (const one of [...earlier, page]) await one.close()
}
