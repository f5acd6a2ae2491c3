import type { Proof, ProofFigures, ProofOptions } from '../../scripts/prove.ts'
import { createRandom } from './random.ts'
import { silenceInHarness } from './silence-harness.ts'
import { createSilenceTally } from './silence-tally.ts'

/** Cases in the harness for each one in a browser. */
const inHarness = 20

export const silence: Proof = { count: 500, browsers: ['firefox', 'chromium'], run }

async function run({ count, seed }: ProofOptions): Promise<ProofFigures> {
  const harness = createSilenceTally()
  await silenceInHarness(count * inHarness, createRandom(seed), harness)
  const { silent, double, failed, late } = harness.figures
  return { failures: silent + double + failed + late, ...harness.figures }
}
