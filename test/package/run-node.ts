import { execFile } from 'node:child_process'
import path from 'node:path'

/** The top folder of the repository. */
export const root: string = path.resolve(import.meta.dirname, '../..')

/** How a program ended. */
export interface ProgramResult {
  readonly exitCode: number | string | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs a script on the Node that runs the tests, and waits for its end, whatever that is. */
export function runNode(args: readonly string[], cwd: string = root): Promise<ProgramResult> {
  return run(process.execPath, args, cwd)
}

/** Runs a program that is found on the `PATH`. */
export function run(command: string, args: readonly string[], cwd: string): Promise<ProgramResult> {
  return new Promise((resolve) => {
    const shell = process.platform === 'win32' && command === 'npm'
    execFile(command, [...args], { cwd, shell, timeout: 60_000 }, (error, stdout, stderr) => {
      resolve({ exitCode: error ? (error.code ?? error.signal ?? null) : 0, stdout, stderr })
    })
  })
}

/** Where a tool of the repository keeps the script of its command. */
export function toolScript(...segments: string[]): string {
  return path.join(root, 'node_modules', ...segments)
}
