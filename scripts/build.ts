import { rm } from 'node:fs/promises'
import path from 'node:path'
import { root, runCommand } from './run-command.ts'

/**
 * Builds `dist/`: `tsc -b` checks and compiles every project, Rollup bundles what it wrote.
 *
 * @returns What went wrong, or `null`.
 */
export async function build({ clean = false } = {}): Promise<string | null> {
  if (clean) {
    for (const folder of ['build', 'dist']) {
      await rm(path.join(root, folder), { recursive: true, force: true })
    }
  }
  for (const [command, args] of steps) {
    const { ok, output } = await runCommand(command, args)
    if (!ok) return `${command} failed:\n${output}`
  }
  return null
}

const steps: ReadonlyArray<readonly [string, readonly string[]]> = [
  ['tsc', ['-b']],
  ['rollup', ['-c', '--silent']],
  ['size-limit', ['--silent']],
]

if (import.meta.main) {
  const failure = await build({ clean: process.argv.includes('--clean') })
  if (failure !== null) {
    console.error(failure)
    process.exitCode = 1
  }
}
