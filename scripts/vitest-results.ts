/** What a part of the suite came to. */
export interface Counts {
  passed: number
  failed: number
  /** The names of the tests that did not run. */
  skipped: readonly string[]
}

/** What is read of vitest's JSON report. */
export interface VitestResults {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numFailedTestSuites: number
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[]
  }[]
}

/**
 * Counts what vitest reported.
 *
 * @param status - Its exit status. A file that cannot be loaded and an error outside of any test fail
 * no test of their own: they count as one.
 */
export function readVitestResults(results: VitestResults, status: number | null): Counts {
  const { numPassedTests, numFailedTests, numFailedTestSuites } = results
  const unnamed = numFailedTests === 0 && (numFailedTestSuites > 0 || status !== 0) ? 1 : 0
  const tests = results.testResults.flatMap(({ assertionResults }) => assertionResults)
  return {
    passed: numPassedTests,
    failed: numFailedTests + unnamed,
    skipped: tests
      .filter((test) => test.status !== 'passed' && test.status !== 'failed')
      .map(({ fullName }) => fullName.trim()),
  }
}
