import type { WorkerScope } from './worker-scope.ts'

/**
 * Does some work alone, over all workers and pages of the origin; at once where there are no locks.
 *
 * @param waitMs - How long the others are waited for.
 * @throws `TimeoutError` when they take longer; whatever the work throws.
 */
export function inTurn<Value>(
  { navigator: { locks } }: WorkerScope,
  name: string,
  waitMs: number,
  work: () => Promise<Value>,
): Promise<Value> {
  return locks ? locks.request(name, { signal: AbortSignal.timeout(waitMs) }, work) : work()
}
