import { isDeepStrictEqual } from 'node:util'
import type { Proof, ProofFigures, ProofOptions } from '../../scripts/prove.ts'
import { type ConformanceCase, conformanceCases } from '../testing/worker/conformance-cases.ts'
import { createObservations, observe } from '../testing/worker/conformance-host.ts'
import { ensureWebKit } from './webkit-packages.ts'
import { startWebKitHost } from './webkit-host.ts'

const patienceMs = 10_000

/**
 * Holds what the harness says of WebKit against WebKitGTK, `count` times: every conformance case
 * that it can show, which is all but pushes.
 *
 * It fails for each case that comes out otherwise.
 */
export const webkit: Proof = { count: 1, browsers: [], run }

async function run({ count }: ProofOptions): Promise<ProofFigures> {
  await ensureWebKit(console.error)
  const cases = conformanceCases.filter(
    ({ trigger, expected }) => trigger !== 'push' && 'webkit' in expected,
  )
  let failures = 0
  let version = ''
  for (let round = 1; round <= count; round++) {
    const observations = createObservations()
    await using host = await startWebKitHost(observations)
    version = host.version
    for (const [index, entry] of cases.entries()) {
      const found = await inTime(observe(host, observations, entry, `${index}`))
      if (isDeepStrictEqual(found, expectedOf(entry))) continue
      failures += 1
      console.error(entry.name, { found, expected: expectedOf(entry) })
    }
  }
  return { failures, cases: cases.length, version }
}

function expectedOf({ expected }: ConformanceCase): unknown {
  return 'webkitgtk' in expected ? expected.webkitgtk : expected.webkit
}

async function inTime(found: Promise<unknown>): Promise<unknown> {
  const timer = Promise.withResolvers<unknown>()
  const timeout = setTimeout(timer.resolve, patienceMs, 'nothing in time')
  try {
    return await Promise.race([found, timer.promise])
  } finally {
    clearTimeout(timeout)
  }
}
