import { spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { root } from './run-command.ts'
import { type Counts, readVitestResults, type VitestResults } from './vitest-results.ts'

/**
 * Runs vitest in the foreground.
 *
 * @param words - Filters and options for it.
 * @param before - A command that runs what follows it: `env`, `unshare`.
 */
export async function runVitest(
  words: readonly string[],
  before: readonly string[] = [],
): Promise<Counts> {
  const folder = await mkdtemp(path.join(tmpdir(), 'pushwell-test-'))
  try {
    const file = path.join(folder, 'results.json')
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
    const cli = path.join(root, 'node_modules', 'vitest', 'vitest.mjs')
    const command = [...before, process.execPath, cli, 'run', ...reporters, ...words]
    const { status } = spawnSync(command[0] ?? '', command.slice(1), {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
    })
    const results = JSON.parse(await readFile(file, 'utf8')) as VitestResults
    return readVitestResults(results, status)
  } catch (error) {
    console.error(error)
    return { passed: 0, failed: 1, skipped: [] }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
