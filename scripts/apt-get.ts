import { execFile, spawn } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Gives what a command prints, or nothing when it fails or is not there. */
export async function outputOf(command: string, args: readonly string[]): Promise<string> {
  // Debian keeps ldconfig where only root's PATH looks.
  const PATH = `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`
  return run(command, [...args], { env: { ...process.env, PATH, LC_ALL: 'C' } }).then(
    ({ stdout }) => stdout,
    () => '',
  )
}

/** Whether packages can be installed with apt-get: on Debian and Ubuntu, as root. */
export async function canUseApt(): Promise<boolean> {
  return process.getuid?.() === 0 && (await outputOf('apt-get', ['--version'])) !== ''
}

/** Runs apt-get; on failure rejects with the last of what it said. */
export function aptGet(args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('apt-get', args, {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let said = ''
    const listen = (chunk: string): void => {
      said = (said + chunk).slice(-2000)
    }
    child.stdout.setEncoding('utf8').on('data', listen)
    child.stderr.setEncoding('utf8').on('data', listen)
    child.once('error', reject)
    child.once('close', (code) => {
      if (code === 0) resolve()
      else reject(new Error(said.trim() || `exit status ${code}`))
    })
  })
}
