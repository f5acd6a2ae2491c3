import type { SilenceCase } from './silence-cases.ts'

/** How a case ended. */
export interface SilenceOutcome {
  /** Nothing of it was on the screen in the end, or the engine held it against the app. */
  readonly silent: boolean
  /** More than one notification, or more than one sound. */
  readonly double: boolean
  /** A push event failed. */
  readonly failed: boolean
  /** From the push to the first notification. */
  readonly milliseconds: number
}

/** Milliseconds after which Firefox holds a push for silent. */
const limitMs = 3000

/** Counts how the cases of a campaign ended, and tells of those that went wrong. */
export interface SilenceTally {
  count(one: SilenceCase, where: string, outcome: SilenceOutcome): void
  readonly figures: {
    cases: number
    silent: number
    double: number
    failed: number
    late: number
    slowestMs: number
  }
}

/** Starts to count. */
export function createSilenceTally(): SilenceTally {
  const figures = { cases: 0, silent: 0, double: 0, failed: 0, late: 0, slowestMs: 0 }
  return {
    figures,
    count(one, where, { silent, double, failed, milliseconds }) {
      const late = milliseconds > limitMs
      figures.cases += 1
      figures.silent += Number(silent)
      figures.double += Number(double)
      figures.failed += Number(failed)
      figures.late += Number(late)
      figures.slowestMs = Math.max(figures.slowestMs, Math.round(milliseconds))
      if (!silent && !double && !failed && !late) return
      const text = one.payload && new TextDecoder().decode(one.payload)
      const ended = JSON.stringify({ silent, double, failed, milliseconds })
      console.error(`${where}: ${JSON.stringify({ ...one, payload: text })} ended ${ended}`)
    },
  }
}
