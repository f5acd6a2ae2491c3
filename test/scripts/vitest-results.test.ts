import { describe, expect, test } from 'vitest'
import { readVitestResults } from '../../scripts/vitest-results.ts'

const results = (statuses: readonly string[], failedFiles = 0) => ({
  numPassedTests: statuses.filter((status) => status === 'passed').length,
  numFailedTests: statuses.filter((status) => status === 'failed').length,
  numFailedTestSuites: failedFiles,
  testResults: statuses.map((status, index) => ({
    assertionResults: [{ status, fullName: ` test ${index}` }],
  })),
})

describe('what vitest reported', () => {
  test('is counted, and what did not run is named', () => {
    const statuses = ['passed', 'failed', 'skipped', 'passed', 'todo', 'pending']
    expect(readVitestResults(results(statuses), 1)).toEqual({
      passed: 2,
      failed: 1,
      skipped: ['test 2', 'test 4', 'test 5'],
    })
  })

  test.each([
    ['a file did not load', results(['passed'], 1), 1],
    ['it ended badly although every test passed', results(['passed']), 1],
    ['a signal ended it', results(['passed']), null],
  ])('fails once when %s', (_, report, status) => {
    expect(readVitestResults(report, status)).toMatchObject({ passed: 1, failed: 1 })
  })

  test('fails no more than what failed', () => {
    expect(readVitestResults(results(['failed', 'passed'], 1), 1)).toMatchObject({ failed: 1 })
    expect(readVitestResults(results(['passed']), 0)).toMatchObject({ failed: 0 })
  })
})
