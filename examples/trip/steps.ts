/** How one step went. */
export interface StepReport {
  readonly step: string
  readonly ok: boolean
  readonly milliseconds: number
  /** Why it failed. */
  readonly cause?: string
}

/** Does one named step. */
export type StepRunner = <Value>(step: string, work: () => Promise<Value>) => Promise<Value>

/** Times steps and tells of each as it ends; a failed one ends with what it threw. */
export function createStepRunner(
  tell: (report: StepReport) => void,
  now: () => number = () => performance.now(),
): StepRunner {
  return async (step, work) => {
    const start = now()
    const milliseconds = () => Math.round(now() - start)
    try {
      const value = await work()
      tell({ step, ok: true, milliseconds: milliseconds() })
      return value
    } catch (error) {
      const cause = error instanceof Error ? error.message : String(error)
      tell({ step, ok: false, milliseconds: milliseconds(), cause })
      throw error
    }
  }
}

/** Writes a step as one line for a person. */
export function stepLine({ step, ok, milliseconds, cause }: StepReport): string {
  const line = `${ok ? '✓' : '✗'} ${step.padEnd(26)} ${String(milliseconds).padStart(6)} ms`
  return cause === undefined ? line : `${line}  ${cause}`
}
