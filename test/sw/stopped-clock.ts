import { expect, vi } from 'vitest'

/** A clock that stands still unless the test has it go on. It goes on by itself once disposed of. */
export interface StoppedClock extends Disposable {
  /** Lets so many milliseconds pass at once, with all that is due in them. */
  pass(ms: number): Promise<void>
  /** Waits until something is seen, in which no time passes for the worker. */
  see: typeof expect.poll
}

/**
 * Stops the clock by which a worker measures its deadlines: how busy the machine is does not matter
 * then. Storage and the fakes of the browser go on, and so does `AbortSignal.timeout`.
 */
export function stopClock(): StoppedClock {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] })
  return {
    pass: async (ms) => void (await vi.advanceTimersByTimeAsync(ms)),
    // Between two looks, `poll` lets a fake clock go on by its interval.
    see: (read, options) => expect.poll(read, { timeout: 4000, ...options, interval: 0 }),
    [Symbol.dispose]: () => void vi.useRealTimers(),
  }
}
