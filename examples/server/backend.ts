import { type ServerType, serve } from '@hono/node-server'
import type { SubscriptionStore } from 'pushwell/server'
import { type AppOptions, createApp } from './app.ts'
import { type Database, openDatabase } from './database.ts'
import { migrate } from './migrations.ts'
import { createPostgresStore } from './postgres-store.ts'
import { vapidKeyPairs } from './vapid-key-pairs.ts'

/** How the backend is started. */
export interface BackendOptions extends Pick<AppOptions, 'endpoints' | 'fetch' | 'onRequest'> {
  /** As {@link openDatabase} takes it. */
  readonly database: string
  /** 0 for any free one. */
  readonly port: number
  readonly environment: NodeJS.ProcessEnv
}

/** A backend that answers requests. */
export interface Backend {
  /** Its origin: `localhost`, which browsers hold for secure without TLS. */
  readonly url: string
  readonly store: SubscriptionStore
  readonly database: Database
  close(): Promise<void>
}

/** Starts the reference backend on the loopback interface. */
export async function startBackend({
  database: where,
  port,
  environment,
  ...options
}: BackendOptions): Promise<Backend> {
  const database = await openDatabase(where)
  await migrate(database)
  const store = createPostgresStore(database)
  const app = await createApp({
    ...options,
    store,
    keys: () => vapidKeyPairs(database, environment),
    subject: environment['VAPID_SUBJECT'] ?? 'https://pushwell.example',
  })
  const server = await listening(app.fetch, port)
  return {
    url: `http://localhost:${portOf(server)}`,
    store,
    database,
    async close() {
      await new Promise((resolve) => {
        server.close(resolve)
        if ('closeAllConnections' in server) server.closeAllConnections()
      })
      await database.close()
    },
  }
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
