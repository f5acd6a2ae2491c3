import type { WorkerReport } from '../src/shared/channel.ts'
import type { WorkerContext } from './worker-context.ts'

/** Tells what this worker alone knows: whether it can store anything, and what went wrong lately. */
export async function report({
  home,
  records,
}: Pick<WorkerContext, 'home' | 'records'>): Promise<WorkerReport> {
  // Reading may work where writing does not: a disk is full, say.
  const { failures = [], pushFailures = [] } = await records.update(home, (record) => record)
  return { storage: records.persistent ? 'persistent' : 'memory', failures, pushFailures }
}
