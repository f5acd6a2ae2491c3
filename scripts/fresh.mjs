// Runs a TypeScript script of this repository on a fresh clone: installs the packages when they
// are missing or out of date, then hands over to the Node that is pinned as a dev dependency.
// Plain JavaScript without dependencies, since it runs before any of them is there, on any Node.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
const node = path.join(
  root,
  'node_modules',
  'node',
  'bin',
  process.platform === 'win32' ? 'node.exe' : 'node',
)
const stamp = path.join(root, 'node_modules', '.installed-lock')
const lock = createHash('sha256')
  .update(readFileSync(path.join(root, 'package-lock.json')))
  .digest('hex')

/**
 * Runs a command in the foreground. Whoever ends this process, by its id, means the command.
 *
 * @returns {Promise<number>} Its exit status; when a signal ended it, this process ends likewise.
 */
function run(command, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, ...options })
    const forward = (signal) => child.kill(signal)
    const signals = ['SIGINT', 'SIGTERM']
    for (const signal of signals) process.on(signal, forward)
    child.on('error', reject)
    child.on('exit', (status, signal) => {
      for (const name of signals) process.off(name, forward)
      if (signal) process.kill(process.pid, signal)
      resolve(status ?? 1)
    })
  })
}

/** What failed, in the form in which `npm start` tells of its steps. */
function failedInstall(milliseconds, json) {
  const step = 'packages installed'
  const cause = 'npm install failed: see above.'
  if (json) return JSON.stringify({ ok: false, steps: [{ step, ok: false, milliseconds, cause }] })
  return `✗ ${step.padEnd(26)} ${String(milliseconds).padStart(6)} ms  ${cause}`
}

if (!existsSync(node) || !existsSync(stamp) || readFileSync(stamp, 'utf8') !== lock) {
  process.stderr.write('Installing the packages …\n')
  const start = performance.now()
  // Not `npm ci`: it refuses a lock file that lacks the optional packages of other platforms, as one
  // does that was written where a registry offers only some of them.
  const status = await run(
    'npm',
    ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'],
    { stdio: ['ignore', 2, 2], shell: process.platform === 'win32' },
  )
  if (status !== 0) {
    const milliseconds = Math.round(performance.now() - start)
    process.stdout.write(`${failedInstall(milliseconds, process.argv.includes('--json'))}\n`)
    process.exit(1)
  }
  writeFileSync(stamp, lock)
}

const [script, ...args] = process.argv.slice(2)
process.exitCode = await run(node, [path.join(root, script), ...args], {
  stdio: 'inherit',
  env: {
    ...process.env,
    PATH: path.join(root, 'node_modules', '.bin') + path.delimiter + process.env.PATH,
  },
})
