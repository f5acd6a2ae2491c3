/** The timers of one run of a worker. */
export interface WorkerTimers {
  readonly methods: Readonly<
    Record<'setTimeout' | 'setInterval' | 'clearTimeout' | 'clearInterval', unknown>
  >
  /** Clears all that are set, as the end of a worker does. */
  clear(): void
}

type TimerFunction = (...parameters: readonly unknown[]) => unknown

/**
 * Makes timers on top of the global ones, which a test may have replaced; what their functions throw
 * goes to `failed`.
 */
export function createWorkerTimers(failed: (error: unknown) => void): WorkerTimers {
  const timers = new Map<number, { clear(): void }>()
  let last = 0
  const guarded = (given: TimerFunction, parameters: readonly unknown[]) => () => {
    try {
      given(...parameters)
    } catch (error) {
      failed(error)
    }
  }
  const clear = (id?: number) => {
    timers.get(Number(id))?.clear()
    timers.delete(Number(id))
  }
  return {
    methods: {
      setTimeout(given: TimerFunction, delay?: number, ...parameters: readonly unknown[]) {
        const id = (last += 1)
        const call = guarded(given, parameters)
        const timer = setTimeout(() => {
          timers.delete(id)
          call()
        }, delay)
        timers.set(id, { clear: () => clearTimeout(timer) })
        return id
      },
      setInterval(given: TimerFunction, delay?: number, ...parameters: readonly unknown[]) {
        const id = (last += 1)
        const timer = setInterval(guarded(given, parameters), delay)
        timers.set(id, { clear: () => clearInterval(timer) })
        return id
      },
      clearTimeout: clear,
      clearInterval: clear,
    },
    clear() {
      for (const id of timers.keys()) clear(id)
    },
  }
}
