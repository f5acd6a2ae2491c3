import { once } from 'node:events'
import { createPushSender, pushServiceHosts } from 'pushwell/server'
import { startCampaignWorker } from './campaigns/campaign-worker.ts'
import { openJobQueue } from './campaigns/job-queue.ts'
import { openDatabase } from './database.ts'
import { forKeyPairs } from './for-key-pairs.ts'
import { messages } from './messages.ts'
import { migrate } from './migrations.ts'
import { vapidKeyPairs } from './vapid-key-pairs.ts'

/**
 * Starts one more worker on the campaigns of a PostgreSQL server: `node examples/server/work.ts`,
 * with the `DATABASE_URL` and the VAPID variables of the backend. `BATCH_SIZE` is how many
 * subscriptions it plans for a batch; `PUSH_SERVICES` names hosts beside the browsers' own.
 */
const { DATABASE_URL: url, VAPID_SUBJECT: subject = 'https://pushwell.example' } = process.env
if (url === undefined) throw new Error('DATABASE_URL must name the PostgreSQL server to work on.')
const database = await openDatabase(url)
await migrate(database)
const onError = (error: unknown) =>
  console.error('jobs:', error instanceof Error ? error.name : typeof error)
const jobs = await openJobQueue(database, { supervise: true, onError })
const hosts = [...pushServiceHosts, ...(process.env['PUSH_SERVICES']?.split(',') ?? [])]
const keys = () => vapidKeyPairs(database, process.env)
const sender = forKeyPairs(keys, (pairs) =>
  createPushSender({ vapid: { subject, keys: pairs }, messages, endpoints: { hosts } }),
)
const batchSize = Number(process.env['BATCH_SIZE'] ?? 500)
await startCampaignWorker({ database, jobs, sender, batchSize })
console.log('The worker works.')
await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
await jobs.stop()
await database.close()
