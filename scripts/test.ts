import { ensureBrowsers } from './browsers.ts'
import { build } from './build.ts'
import { runCommand } from './run-command.ts'
import { runVitest } from './run-vitest.ts'
import type { Counts } from './vitest-results.ts'

/** The checks that are one command each. */
const checks: ReadonlyArray<readonly [string, string, readonly string[]]> = [
  ['lint', 'oxlint', ['.']],
  ['format', 'oxfmt', ['--check', '.']],
  ['unused code', 'knip', []],
  ['package', 'publint', ['--strict']],
]

/**
 * Runs everything that is tested: the build with its types and size budgets, the checks, the tests
 * of every realm. Words after it go to vitest, and leave the checks out: `npm test -- test/sw`.
 * The last line says how many passed and failed, over all; the one before it how many were skipped.
 */
async function test(filters: readonly string[]): Promise<Counts> {
  await ensureBrowsers(['firefox', 'chromium'], console.error, ['curl'])
  const counts: Counts = { passed: 0, failed: 0, skipped: [] }
  const failure = await build({ clean: filters.length === 0 })
  report(counts, 'build', failure)
  if (failure !== null) return counts
  if (filters.length === 0) {
    for (const [name, command, args] of checks) {
      const { ok, output } = await runCommand(command, args)
      report(counts, name, ok ? null : output)
    }
  }
  const tests = await runVitest(filters)
  return {
    passed: counts.passed + tests.passed,
    failed: counts.failed + tests.failed,
    skipped: tests.skipped,
  }
}

function report(counts: Counts, name: string, failure: string | null): void {
  console.log(failure === null ? `✓ ${name}` : `✗ ${name}\n${failure}`)
  if (failure === null) counts.passed += 1
  else counts.failed += 1
}

const { passed, failed, skipped } = await test(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  return { passed: 0, failed: 1, skipped: [] }
})
process.exitCode = failed === 0 && passed > 0 ? 0 : 1
for (const name of skipped) console.log(`skipped: ${name}`)
console.log(`${skipped.length} skipped`)
console.log(`${passed} passed, ${failed} failed`)
