import { spawn } from 'node:child_process'
import path from 'node:path'

/** The top folder of the repository. */
export const root: string = path.dirname(import.meta.dirname)

/** How a command ended. */
export interface CommandResult {
  readonly ok: boolean
  /** What it printed, both streams together. */
  readonly output: string
}

/** Runs one of the repository's own commands, found in `node_modules/.bin`, and waits for its end. */
export function runCommand(
  command: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Promise<CommandResult> {
  return new Promise((resolve) => {
    const bin = path.join(root, 'node_modules', '.bin')
    const child = spawn(command, args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
      env: {
        ...process.env,
        PATH: `${bin}${path.delimiter}${process.env['PATH'] ?? ''}`,
        ...environment,
      },
    })
    let output = ''
    const take = (chunk: Buffer) => (output += chunk.toString())
    child.stdout.on('data', take)
    child.stderr.on('data', take)
    child.on('error', (error) => resolve({ ok: false, output: `${output}${error.message}\n` }))
    child.on('close', (code) => resolve({ ok: code === 0, output }))
  })
}
