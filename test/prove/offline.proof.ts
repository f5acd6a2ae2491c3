import type { Proof, ProofFigures, ProofOptions } from '../../scripts/prove.ts'
import { runVitest } from '../../scripts/run-vitest.ts'
import { withoutInternet } from './without-internet.ts'

/**
 * Runs every behaviour test in real browsers `count` times with no route to the internet.
 *
 * It fails for each test that does, and when nothing was tested.
 */
export const offline: Proof = { count: 1, browsers: ['firefox', 'chromium'], run }

async function run({ count }: ProofOptions): Promise<ProofFigures> {
  const before = await withoutInternet()
  let [passed, failed] = [0, 0]
  for (let round = 1; round <= count; round++) {
    const counts = await runVitest(['--project=browser'], before)
    passed += counts.passed
    failed += counts.failed
  }
  return { failures: failed + (passed === 0 ? 1 : 0), passed, failed }
}
