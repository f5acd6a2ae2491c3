import { withDeadline } from '../src/shared/deadline.ts'
import type { WorkerContext } from './worker-context.ts'

/**
 * Reads who is signed in here, as the page last said.
 *
 * @throws PushwellError `timeout` when the database takes longer.
 */
export async function readRecipient(
  { home, records }: Pick<WorkerContext, 'home' | 'records'>,
  timeoutMs: number,
): Promise<string | null | undefined> {
  return (await withDeadline(records.get(home), timeoutMs, 'IndexedDB'))?.recipient
}
