import type { Proof, ProofFigures, ProofOptions } from '../../scripts/prove.ts'
import { createRandom } from './random.ts'
import { browserLimitMs, silenceInBrowser } from './silence-browser.ts'
import { harnessLimitMs, silenceInHarness } from './silence-harness.ts'
import { createSilenceTally, type SilenceFigures } from './silence-tally.ts'

/** Cases in the harness for each one in a browser. */
const inHarness = 20

/**
 * Pushes `count` generated messages to each engine, and twenty times as many in the harness, to a
 * worker whose routes, parts, storage, network and notifications fail, hang or come late: whatever
 * the octets are, each distinct message must end as one visible notification, within the worker's
 * deadline and the little that is granted beside it, with one sound at the most, and no push event
 * may fail.
 *
 * Permission is taken away in the harness alone: a browser delivers nothing without it.
 */
export const silence: Proof = { count: 500, browsers: ['firefox', 'chromium'], run }

async function run({ count, seed }: ProofOptions): Promise<ProofFigures> {
  const random = createRandom(seed)
  const campaigns = {
    harness: createSilenceTally(harnessLimitMs),
    firefox: createSilenceTally(browserLimitMs.firefox),
    chromium: createSilenceTally(browserLimitMs.chromium),
  }
  await silenceInHarness(count * inHarness, random, campaigns.harness)
  for (const engine of ['firefox', 'chromium'] as const) {
    await silenceInBrowser(engine, count, random, campaigns[engine])
  }
  const figures: Record<string, number> = {}
  let failures = 0
  for (const [name, tally] of Object.entries(campaigns)) {
    const { silent, double, failed, late } = tally.figures
    failures += silent + double + failed + late
    Object.assign(figures, prefixed(name, tally.figures))
  }
  return { failures, ...figures }
}

function prefixed(prefix: string, figures: SilenceFigures): Record<string, number> {
  const entries = Object.entries(figures).map(([name, value]) => {
    return [`${prefix}${name.charAt(0).toUpperCase()}${name.slice(1)}`, value as number] as const
  })
  return Object.fromEntries(entries)
}
