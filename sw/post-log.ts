import type { DatabaseConnection } from '../src/shared/database-connection.ts'
import type { PendingPost } from '../src/shared/pending-post.ts'

/** The requests that the backend has not answered yet. Its methods reject when the database fails. */
export interface PostLog {
  /** Writes one down, also in the place of an earlier one with its key. */
  put(post: PendingPost): Promise<void>
  remove(key: string): Promise<void>
  /** Those of a scope, the oldest first. */
  list(scope: string): Promise<PendingPost[]>
}

/** Keeps requests in IndexedDB. */
export function createPostLog(database: DatabaseConnection): PostLog {
  return {
    put: (post) =>
      database.use(async (open) => {
        const transaction = open.transaction('posts', 'readwrite')
        await Promise.all([transaction.store.put(post), transaction.done])
      }),
    remove: (key) =>
      database.use(async (open) => {
        const transaction = open.transaction('posts', 'readwrite')
        await Promise.all([transaction.store.delete(key), transaction.done])
      }),
    list: (scope) =>
      database.use(async (open) => {
        const all = await open.transaction('posts').store.getAll()
        return all
          .filter(({ click }) => click.scope === scope)
          .toSorted((a, b) => a.click.at - b.click.at)
      }),
  }
}
