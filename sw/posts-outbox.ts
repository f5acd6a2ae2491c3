import type { PostLog } from './post-log.ts'
import type { PostsOptions } from './posts-options.ts'
import type { WorkerContext } from './worker-context.ts'

/** What a part for requests works with. */
export interface PostsOutbox extends PostsOptions {
  readonly context: WorkerContext
  readonly log: PostLog
  /** The keys of what is done with, also where the database does not let go of it. */
  readonly done: Set<string>
}
