import type { PostsRequest } from '../shared/channel.ts'
import type { DatabaseConnection } from '../shared/database-connection.ts'

/**
 * Has the worker make the requests of buttons and send the receipts that it could not before, when
 * there are some: a worker has no timer of its own. Rejects when the database fails.
 */
export async function wakeOutboxes(
  database: DatabaseConnection,
  registration: ServiceWorkerRegistration | undefined,
): Promise<void> {
  for (const kind of ['posts', 'receipts'] as const) {
    const left = await database.use((open) => open.transaction(kind).store.count())
    const request: PostsRequest = { pushwell: 1, kind }
    if (left > 0) registration?.active?.postMessage(request)
  }
}
