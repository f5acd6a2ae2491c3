import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type OwnedProcess, startOwnedProcess } from '../../src/testing/desktop/owned-process.ts'

const program = fileURLToPath(new URL('../../examples/server/work.ts', import.meta.url))

/** Processes that work on the campaigns of one database. */
export interface WorkerProcesses extends AsyncDisposable {
  /** Starts as many as are missing; resolves once they work. */
  fill(count: number): Promise<void>
  /** Kills one with SIGKILL, and starts another in its place. */
  replace(place: number): Promise<void>
  /**
   * Stops one with SIGSTOP, and lets it go on after a while, or at the signal.
   *
   * @returns When it went on, in milliseconds since 1970.
   */
  pause(place: number, milliseconds: number, signal: AbortSignal): Promise<number>
  /** Ends all of them: with SIGTERM as one does who restarts them, or as if they had crashed. */
  stop(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>
}

/** @param environment - What they are to work on. */
export function startWorkerProcesses(environment: NodeJS.ProcessEnv): WorkerProcesses {
  const workers: OwnedProcess[] = []
  const start = async () => {
    const worker = await startOwnedProcess(process.execPath, [program], {
      environment: { ...process.env, ...environment },
      errorCode: 'service-failed',
      remedy: 'See examples/server/work.ts.',
    })
    await worker.waitForLine(/works/, 60_000)
    return worker
  }
  const stop = async (signal: NodeJS.Signals) => {
    const ended = workers.splice(0)
    for (const worker of ended) worker.signal(signal)
    await Promise.all(ended.map(({ exited }) => exited))
  }
  return {
    async fill(count) {
      const missing = Array.from({ length: Math.max(0, count - workers.length) }, start)
      workers.push(...(await Promise.all(missing)))
    },
    async replace(place) {
      const worker = workers[place % workers.length]
      if (!worker) return
      worker.signal('SIGKILL')
      await worker.exited
      workers[place % workers.length] = await start()
    },
    async pause(place, milliseconds, signal) {
      const worker = workers[place % workers.length]
      worker?.signal('SIGSTOP')
      await delay(milliseconds, null, { signal }).catch(() => null)
      const goesOnAt = Date.now()
      worker?.signal('SIGCONT')
      return goesOnAt
    },
    stop,
    [Symbol.asyncDispose]: () => stop('SIGKILL'),
  }
}
