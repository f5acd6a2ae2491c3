import { withDeadline } from '../src/shared/deadline.ts'
import type { PushRun } from './push-run.ts'
import { tellParts } from './run-parts.ts'
import { timeoutMs } from './tell-backend.ts'
import type { WorkerContext } from './worker-context.ts'

/** How many are kept. */
const kept = 20

/** Keeps what went wrong with a push for `diagnose()`, and tells the parts of it. Never rejects. */
export async function noteFailures(
  { failures, received }: PushRun,
  context: WorkerContext,
): Promise<void> {
  const noted = failures.splice(0)
  if (noted.length === 0) return
  const keeping = context.records.update(context.home, (record) => ({
    ...record,
    pushFailures: [...(record.pushFailures ?? []), ...noted].slice(-kept),
  }))
  await Promise.all([
    withDeadline(keeping, timeoutMs, 'IndexedDB').catch(() => undefined),
    ...noted.map((failure) =>
      tellParts(context, (part) => part.failed?.(failure, context, received)),
    ),
  ])
}
