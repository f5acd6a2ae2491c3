import type { PgBoss } from 'pg-boss'
import type { PushSender } from 'pushwell/server'
import type { Database } from '../database.ts'
import type { messages } from '../messages.ts'
import { sweep } from '../sweep.ts'
import { type BatchJob, batchQueue, planQueue, type PlanJob, sweepQueue } from './job-queue.ts'
import { planCampaign } from './plan-campaign.ts'
import { sendBatch } from './send-batch.ts'

/** What a worker is made of. */
export interface CampaignWorkerOptions {
  readonly database: Database
  /** With `supervise`. */
  readonly jobs: PgBoss
  /** Gives the sender for the key pairs of the moment. */
  readonly sender: () => Promise<PushSender<typeof messages>>
  /**
   * How many subscriptions a batch has.
   *
   * @default 500
   */
  readonly batchSize?: number
  /**
   * How many batches this process sends at a time.
   *
   * @default 2
   */
  readonly batches?: number
  /**
   * How many messages of a batch are under way at a time.
   *
   * @default 50
   */
  readonly concurrency?: number
  /**
   * How many outcomes are written down at a time.
   *
   * @default 25
   */
  readonly groupSize?: number
}

/**
 * Works on the campaigns of a database, until `jobs` is stopped. Any number of processes may, on any
 * number of machines.
 */
export async function startCampaignWorker({
  database,
  jobs,
  sender,
  batchSize = 500,
  batches = 2,
  concurrency = 50,
  groupSize = 25,
}: CampaignWorkerOptions): Promise<void> {
  const polling = { pollingIntervalSeconds: 0.5 }
  await jobs.work<PlanJob>(planQueue, polling, async ([job]) => {
    if (job)
      await planCampaign({ database, jobs }, job.data.campaign, { batchSize, signal: job.signal })
  })
  await jobs.work<BatchJob>(
    batchQueue,
    { ...polling, localConcurrency: batches },
    async ([job]) => {
      if (!job) return
      const claim = { ...job.data, attempt: job.retryCount + 1 }
      const batch = { database, sender: await sender(), concurrency, groupSize, signal: job.signal }
      await sendBatch(claim, batch)
    },
  )
  await jobs.schedule(sweepQueue, '17 3 * * *')
  await jobs.work(sweepQueue, () => sweep(database))
}
