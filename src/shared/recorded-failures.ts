import type { RecordedFailure } from './registration-record.ts'

/** How many are kept. */
const kept = 5

/** Adds a failure to the last ones, for `diagnose()`. */
export function noteFailure(
  failures: readonly RecordedFailure[] | undefined,
  code: string,
  at: number,
): readonly RecordedFailure[] {
  return [...(failures ?? []), { code, at }].slice(-kept)
}
