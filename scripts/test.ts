import { spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { ensureBrowsers } from './browsers.ts'
import { build } from './build.ts'
import { root, runCommand } from './run-command.ts'

/** What a part of the suite came to. */
interface Counts {
  passed: number
  failed: number
}

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
 * The last line says how many passed and failed, over all.
 */
async function test(filters: readonly string[]): Promise<Counts> {
  await ensureBrowsers(['firefox', 'chromium'], console.error)
  const counts: Counts = { passed: 0, failed: 0 }
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
  return { passed: counts.passed + tests.passed, failed: counts.failed + tests.failed }
}

function report(counts: Counts, name: string, failure: string | null): void {
  console.log(failure === null ? `✓ ${name}` : `✗ ${name}\n${failure}`)
  if (failure === null) counts.passed += 1
  else counts.failed += 1
}

async function runVitest(filters: readonly string[]): Promise<Counts> {
  const folder = await mkdtemp(path.join(tmpdir(), 'pushwell-test-'))
  try {
    const file = path.join(folder, 'results.json')
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
    const cli = path.join(root, 'node_modules', 'vitest', 'vitest.mjs')
    const { status } = spawnSync(process.execPath, [cli, 'run', ...reporters, ...filters], {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
    })
    const results = JSON.parse(await readFile(file, 'utf8')) as {
      numPassedTests: number
      numFailedTests: number
      numFailedTestSuites: number
    }
    const { numPassedTests: passed, numFailedTests, numFailedTestSuites } = results
    // A file that cannot be loaded and an error outside of any test fail no test of their own.
    const unnamed = numFailedTests === 0 && (numFailedTestSuites > 0 || status !== 0) ? 1 : 0
    return { passed, failed: numFailedTests + unnamed }
  } catch (error) {
    console.error(error)
    return { passed: 0, failed: 1 }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const { passed, failed } = await test(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  return { passed: 0, failed: 1 }
})
process.exitCode = failed === 0 && passed > 0 ? 0 : 1
console.log(`${passed} passed, ${failed} failed`)
