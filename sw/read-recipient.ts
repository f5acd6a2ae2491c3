import { withDeadline } from '../src/shared/deadline.ts'
import type { WorkerContext } from './worker-context.ts'

/**
 * Reads who is signed in here, as the page last said.
 *
 * @throws What the database throws, so that nobody is told from nobody known; PushwellError `timeout`
 * when it takes longer.
 */
export async function readRecipient(
  { home, database }: Pick<WorkerContext, 'home' | 'database'>,
  timeoutMs: number,
): Promise<string | null | undefined> {
  const reading = database.use((open) => open.transaction('registrations').store.get(home))
  return (await withDeadline(reading, timeoutMs, 'IndexedDB'))?.recipient
}
