import { randomBytes } from 'node:crypto'
import { type ServerType, serve } from '@hono/node-server'
import {
  createPostgresStore,
  createPushSender,
  pushServiceHosts,
  type SubscriptionStore,
} from 'pushwell/server'
import { type AppOptions, createApp } from './app.ts'
import { startCampaignWorker } from './campaigns/campaign-worker.ts'
import { openJobQueue } from './campaigns/job-queue.ts'
import { type Database, openDatabase } from './database.ts'
import { forKeyPairs } from './for-key-pairs.ts'
import { messages } from './messages.ts'
import { migrate } from './migrations.ts'
import { vapidKeyPairs } from './vapid-key-pairs.ts'

/** How the backend is started. */
export interface BackendOptions extends Pick<
  AppOptions,
  'endpoints' | 'fetch' | 'onRequest' | 'rate'
> {
  /** As {@link openDatabase} takes it. */
  readonly database: string
  /** 0 for any free one. */
  readonly port: number
  readonly environment: NodeJS.ProcessEnv
  /**
   * Whether this process sends the campaigns, too; else others do (`work.ts`).
   *
   * @default true
   */
  readonly works?: boolean
}

const shortestToken = 16

/** A backend that answers requests. */
export interface Backend {
  /** Its origin: `localhost`, which browsers hold for secure without TLS. */
  readonly url: string
  /** Lets into the pages about campaigns: `/campaigns?token=…`. */
  readonly adminToken: string
  readonly store: SubscriptionStore
  readonly database: Database
  close(): Promise<void>
}

/**
 * Starts the reference backend on the loopback interface.
 *
 * @throws RangeError for an `ADMIN_TOKEN` that is easily guessed.
 */
export async function startBackend({
  database: where,
  port,
  environment,
  works = true,
  endpoints = { hosts: pushServiceHosts },
  ...options
}: BackendOptions): Promise<Backend> {
  const adminToken = adminTokenOf(environment)
  const database = await openDatabase(where)
  await migrate(database)
  const store = createPostgresStore(database)
  const { VAPID_SUBJECT: subject = 'https://pushwell.example' } = environment
  const keys = () => vapidKeyPairs(database, environment)
  const onError = (error: unknown) =>
    console.error('jobs:', error instanceof Error ? error.name : typeof error)
  const jobs = await openJobQueue(database, { supervise: works, onError })
  const app = await createApp({
    ...options,
    endpoints,
    store,
    keys,
    subject,
    campaigns: { database, jobs, adminToken },
  })
  if (works) {
    const { fetch } = options
    const sender = forKeyPairs(keys, (pairs) =>
      createPushSender({
        vapid: { subject, keys: pairs },
        messages,
        endpoints,
        ...(fetch && { fetch }),
      }),
    )
    await startCampaignWorker({ database, jobs, sender })
  }
  const server = await listening(app.fetch, port)
  return {
    url: `http://localhost:${portOf(server)}`,
    adminToken,
    store,
    database,
    async close() {
      await new Promise((resolve) => {
        server.close(resolve)
        if ('closeAllConnections' in server) server.closeAllConnections()
      })
      await jobs.stop()
      await database.close()
    },
  }
}

/** An empty variable is none: whoever sends an empty cookie must not be let in. */
function adminTokenOf({ ADMIN_TOKEN: token }: NodeJS.ProcessEnv): string {
  if (!token) return randomBytes(16).toString('base64url')
  if (token.length >= shortestToken) return token
  throw new RangeError(`ADMIN_TOKEN must have at least ${shortestToken} characters.`)
}

function listening(answer: (request: Request) => Response | Promise<Response>, port: number) {
  return new Promise<ServerType>((resolve, reject) => {
    const server = serve({ fetch: answer, port, hostname: '127.0.0.1' }, () => resolve(server))
    server.on('error', reject)
  })
}

function portOf(server: ServerType): number {
  const address = server.address()
  return typeof address === 'object' && address ? address.port : 0
}
