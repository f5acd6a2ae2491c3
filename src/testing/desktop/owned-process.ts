import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { PushwellError } from '../../shared/errors.ts'
import type { PushwellErrorCode } from '../../shared/errors.ts'

/** A child process that ends with this one, however this one ends (SIGKILL apart). */
export interface OwnedProcess {
  readonly pid: number
  /** Resolves once the process is gone; never rejects. */
  readonly exited: Promise<void>
  /**
   * Resolves to the first line of output, written before or after the call, that matches.
   * Rejects with the process's own last words when it exits first or the time is over.
   */
  waitForLine(pattern: RegExp, timeoutMs: number): Promise<RegExpMatchArray>
  /** Sends the signal: to the whole process group when it leads one. Does nothing once gone. */
  signal(name: NodeJS.Signals): void
}

/** How a command is started, and what is said when it cannot be. */
export interface OwnedProcessOptions {
  /** @default this process's own */
  environment?: NodeJS.ProcessEnv
  /**
   * Makes it the leader of its own process group, so that its children can be ended with it.
   *
   * @default false
   */
  leadsGroup?: boolean
  /** The code of the error when it cannot start, or ends before the line that was waited for. */
  errorCode: PushwellErrorCode
  /** What the user should do when the command is not there: the end of that error's message. */
  remedy: string
}

const keptLines = 200

/**
 * Starts a command and resolves once the system has given it a process id.
 *
 * @throws {@link PushwellError} With `errorCode` when the command cannot be started.
 */
export async function startOwnedProcess(
  command: string,
  args: readonly string[],
  options: OwnedProcessOptions,
): Promise<OwnedProcess> {
  const { environment = process.env, leadsGroup = false, errorCode, remedy } = options
  const child = spawn(command, args, {
    env: environment,
    detached: leadsGroup && process.platform !== 'win32',
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const pid = await spawned(child).catch((cause: unknown) => {
    throw new PushwellError(errorCode, `Could not start ${command}. ${remedy}`, { cause })
  })
  const output = readLines(child)
  const target = leadsGroup && process.platform !== 'win32' ? -pid : pid
  const signal = (name: NodeJS.Signals): void => signalQuietly(target, name)
  const release = endWithThisProcess(() => signal('SIGKILL'))
  const exited = output.ended.then(release)
  return {
    pid,
    exited,
    signal,
    async waitForLine(pattern, timeoutMs) {
      const match = await output.find(pattern, timeoutMs)
      if (match) return match
      throw new PushwellError(
        errorCode,
        `${command} did not start within ${timeoutMs} ms. It said:\n${output.lastWords()}`,
      )
    },
  }
}

function spawned(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('spawn', () => {
      if (child.pid === undefined) reject(new Error('The process has no id.'))
      else resolve(child.pid)
    })
  })
}

interface Output {
  readonly ended: Promise<void>
  find(pattern: RegExp, timeoutMs: number): Promise<RegExpMatchArray | undefined>
  lastWords(): string
}

function readLines(child: ChildProcess): Output {
  const lines: string[] = []
  const listeners = new Set<(line: string) => void>()
  for (const stream of [child.stdout, child.stderr]) {
    let rest = ''
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      const parts = (rest + chunk).split('\n')
      rest = parts.pop() ?? ''
      for (const line of parts) {
        lines.push(line)
        if (lines.length > keptLines) lines.shift()
        for (const listener of listeners) listener(line)
      }
    })
  }
  // 'exit', not 'close': a grandchild may hold the pipes open long after the process is gone.
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
  })
  return {
    ended,
    lastWords: () => lines.slice(-20).join('\n'),
    find: (pattern, timeoutMs) =>
      new Promise((resolve) => {
        const settle = (match: RegExpMatchArray | undefined): void => {
          clearTimeout(timer)
          listeners.delete(listener)
          resolve(match)
        }
        const listener = (line: string): void => {
          const match = pattern.exec(line)
          if (match) settle(match)
        }
        const timer = setTimeout(settle, timeoutMs, undefined)
        listeners.add(listener)
        ended.then(
          () => settle(undefined),
          () => settle(undefined),
        )
        lines.slice().forEach(listener)
      }),
  }
}

function signalQuietly(target: number, name: NodeJS.Signals): void {
  try {
    process.kill(target, name)
  } catch {
    // It is gone already, which is what every caller wants in the end.
  }
}

const endingSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

function endWithThisProcess(kill: () => void): () => void {
  const onSignal = (name: NodeJS.Signals): void => {
    kill()
    release()
    // With a listener of ours the default action (ending) is off: whoever is last restores it.
    if (process.listenerCount(name) === 0) process.kill(process.pid, name)
  }
  const release = (): void => {
    process.off('exit', kill)
    for (const name of endingSignals) process.off(name, onSignal)
  }
  process.on('exit', kill)
  for (const name of endingSignals) process.on(name, onSignal)
  return release
}
