import type { NotificationDescriptor } from './notification.ts'
import type { RouteClick } from './route.ts'
import type { PostHeaders } from './send-post.ts'

/** How `posts()` goes about it. */
export interface PostsOptions {
  /**
   * Shown when a request has come to nothing: the backend has refused it (401, 403 and other 400–499
   * but 429), its URL is not allowed, or nobody has answered for `giveUpAfterMs`. It is for whoever
   * has clicked, and not shown once they have signed out. Where it cannot be found out who is signed
   * in, a function is given the type and the action alone, without data and reply.
   */
  readonly failed: NotificationDescriptor | ((post: FailedPost) => NotificationDescriptor)
  /**
   * Headers for a request, asked for before each try.
   *
   * @default the worker's `headers` for URLs of the app's own origin, none for others
   */
  readonly headers?: PostHeaders
  /** @default 86400000, one day */
  readonly giveUpAfterMs?: number
}

/** The click whose request has come to nothing. */
export type FailedPost = Omit<RouteClick<unknown>, 'url' | 'open'>
