import type { SilenceCase } from './silence-cases.ts'

/** How some cases ended. */
export interface SilenceOutcome {
  /** Of how many nothing was on the screen in the end, or the engine held it against the app. */
  readonly silent: number
  /** How many notifications, or sounds, were more than one. */
  readonly double: number
  /** How many push events failed. */
  readonly failed: number
  /** From the push to the first notification; of several at once, to the last one's first. */
  readonly milliseconds: number
  /** What was shown, for the report of a failure. */
  readonly shown?: unknown
}

/** What a campaign came to. */
export interface SilenceFigures {
  cases: number
  silent: number
  double: number
  failed: number
  /** How often something was shown later than it had to be. */
  late: number
  slowestMs: number
}

/** Counts how the cases of a campaign ended, and tells of those that went wrong. */
export interface SilenceTally {
  countBatch(cases: readonly SilenceCase[], where: string, outcome: SilenceOutcome): void
  readonly figures: SilenceFigures
}

/**
 * Starts to count.
 *
 * @param limitMs - Milliseconds after which a notification is late.
 */
export function createSilenceTally(limitMs: number): SilenceTally {
  const figures = { cases: 0, silent: 0, double: 0, failed: 0, late: 0, slowestMs: 0 }
  return {
    figures,
    countBatch(cases, where, outcome) {
      const { silent, double, failed, milliseconds } = outcome
      const late = Number(milliseconds > limitMs)
      figures.cases += cases.length
      figures.silent += silent
      figures.double += double
      figures.failed += failed
      figures.late += late
      figures.slowestMs = Math.max(figures.slowestMs, Math.round(milliseconds))
      if (silent + double + failed + late === 0) return
      console.error(`${where} ended ${JSON.stringify(outcome)}`)
      for (const one of cases) {
        const text = one.payload && new TextDecoder().decode(one.payload)
        console.error(`  ${JSON.stringify({ ...one, payload: text })}`)
      }
    },
  }
}
