import { PgBoss } from 'pg-boss'
import type { Database } from '../database.ts'

/** Jobs that cut a campaign's audience into batches. */
export const planQueue = 'campaign-plan'
/** Jobs that send one batch of a campaign each. */
export const batchQueue = 'campaign-batch'

/** The jobs that remove what is too old. */
export const sweepQueue = 'sweep'

/** A job of {@link planQueue}; its id is the campaign's. */
export interface PlanJob {
  readonly campaign: string
}

/** A job of {@link batchQueue}. */
export interface BatchJob {
  readonly campaign: string
  readonly batch: number
}

/** How the jobs of both queues are kept. */
const queueOptions = {
  // A worker that was not heard of for so long is taken to be dead, and its job is given to another:
  // the least that pg-boss takes.
  heartbeatSeconds: 10,
  expireInSeconds: 60 * 60,
  // A batch ends by its campaign's time to live, not by how often it was taken.
  retryLimit: 1_000_000,
  retryDelay: 1,
  retryBackoff: true,
  retryDelayMax: 60,
  // Longer than any campaign lives.
  retentionSeconds: 40 * 24 * 60 * 60,
  deleteAfterSeconds: 60 * 60,
}

/** How the queues are opened. */
export interface JobQueueOptions {
  /**
   * Whether this process looks after the jobs of dead workers, and makes those whose time has come:
   * every process that works does.
   */
  readonly supervise: boolean
  /** Called with what fails in the background: the database, as a rule. */
  readonly onError: (error: unknown) => void
}

/** Opens the queues, which are made where they are missing. */
export async function openJobQueue(
  { forJobs }: Database,
  { supervise, onError }: JobQueueOptions,
): Promise<PgBoss> {
  const jobs = new PgBoss({
    ...forJobs,
    supervise,
    superviseIntervalSeconds: 5,
    monitorIntervalSeconds: 5,
    schedule: supervise,
  })
  jobs.on('error', onError)
  await jobs.start()
  for (const name of [planQueue, batchQueue, sweepQueue]) {
    await jobs.createQueue(name, queueOptions)
  }
  return jobs
}
