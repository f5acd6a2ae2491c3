import type { SendResultOutcome } from './send-all-options.ts'

/** How far a `sendAll` is: each count only ever grows, and together they are `done`. */
export interface SendProgress {
  readonly done: number
  readonly accepted: number
  readonly gone: number
  /** What may work later: tries were used up, or there was no time for another one. */
  readonly retry: number
  readonly rejected: number
  /** Of a dry run: what would have been sent. */
  readonly checked: number
  readonly elapsedMs: number
  /** Since the last report. */
  readonly perSecond: number
}

/** Reports are this far apart at least, but for the last one. */
const reportMs = 250

/** Counts outcomes and reports them from time to time. */
export interface ProgressCount {
  note(outcome: SendResultOutcome): void
  /** Reports the final counts. */
  finish(): void
  /** Throws what a report threw first: that must not cost anybody their outcome. */
  throwFailure(): void
}

/** Begins to count. */
export function countProgress(
  report: ((progress: SendProgress) => void) | undefined,
  now: () => number,
): ProgressCount {
  const counts = { done: 0, accepted: 0, gone: 0, retry: 0, rejected: 0, checked: 0 }
  const start = now()
  let last = { at: start, done: 0 }
  let failure: { readonly error: unknown } | undefined
  const send = (at: number): void => {
    const seconds = (at - last.at) / 1000
    const perSecond = seconds > 0 ? (counts.done - last.done) / seconds : 0
    last = { at, done: counts.done }
    try {
      report?.({ ...counts, elapsedMs: at - start, perSecond })
    } catch (error) {
      failure ??= { error }
    }
  }
  return {
    note({ status }) {
      counts.done += 1
      counts[status] += 1
      const at = now()
      if (at - last.at >= reportMs) send(at)
    },
    finish: () => send(now()),
    throwFailure() {
      if (failure) throw failure.error
    },
  }
}
