import type { PostsRequest } from '../shared/channel.ts'
import type { DatabaseConnection } from '../shared/database-connection.ts'

/**
 * Has the worker make the requests of buttons that it could not make before, when there are some: a
 * worker has no timer of its own. Rejects when the database fails.
 */
export async function wakePosts(
  database: DatabaseConnection,
  registration: ServiceWorkerRegistration | undefined,
): Promise<void> {
  const left = await database.use((open) => open.transaction('posts').store.count())
  const request: PostsRequest = { pushwell: 1, kind: 'posts' }
  if (left > 0) registration?.active?.postMessage(request)
}
