import { type PostsRequest, postsTag } from '../src/shared/channel.ts'
import { PushwellError, rangeError, typeError } from '../src/shared/errors.ts'
import type { PendingPost } from '../src/shared/pending-post.ts'
import type { StoredClick } from '../src/shared/stored-click.ts'
import { allowedUrl } from './click-url.ts'
import { drainPosts, makePost } from './drain-posts.ts'
import { giveUpPost } from './give-up-post.ts'
import {
  type ClickRecord,
  isNotificationDescriptor,
  type NotificationPost,
} from './notification.ts'
import { createPostLog } from './post-log.ts'
import type { PostsOptions } from './posts-options.ts'
import type { PostsOutbox } from './posts-outbox.ts'
import type { WorkerContext } from './worker-context.ts'
import type { WorkerPart } from './worker-part.ts'

/**
 * Makes the requests of buttons that have a `post`. Each is written down before it is made and kept
 * until the backend has answered, and made again at a background sync where the browser has that, at
 * the next push or click, when a page is opened or comes to the front, and when the network is back
 * while one is open; at the latest then. Cookies go along to the app's own origin alone. Once somebody
 * else is signed in (`identify`, `forget`), what is left of the user before is dropped.
 *
 * @throws TypeError when `failed` is no notification, or `headers` no function; RangeError when
 * `giveUpAfterMs` is no number of milliseconds.
 */
export function posts(options: PostsOptions): WorkerPart {
  const { failed, headers, giveUpAfterMs = 0 } = options
  if (typeof failed !== 'function' && !isNotificationDescriptor(failed))
    throw typeError('invalid-argument', 'failed must be a notification with a title, or give one.')
  if (headers !== undefined && typeof headers !== 'function')
    throw typeError('invalid-argument', 'headers must be a function.')
  if (typeof giveUpAfterMs !== 'number' || !(giveUpAfterMs >= 0))
    throw rangeError('invalid-argument', 'giveUpAfterMs must be milliseconds, 0 or more.')
  const outboxes = new WeakMap<WorkerContext, PostsOutbox>()
  const outboxOf = (context: WorkerContext): PostsOutbox => {
    const log = createPostLog(context.database)
    const outbox = outboxes.get(context) ?? { ...options, context, log, done: new Set() }
    outboxes.set(context, outbox)
    return outbox
  }
  return {
    name: 'posts',
    start(context) {
      const outbox = outboxOf(context)
      context.scope.addEventListener('sync', (event) => {
        if (event.tag === postsTag) event.waitUntil(syncPosts(outbox))
      })
      context.scope.addEventListener('message', (event) => {
        const { pushwell, kind } = (event.data ?? {}) as Partial<PostsRequest>
        if (pushwell === 1 && kind === 'posts') event.waitUntil(drainPosts('online', outbox))
      })
    },
    async clicking(click, record, seeing, context) {
      const post = postOf(click, record)
      if (!post) return
      const outbox = outboxOf(context)
      const recipient = await seeing
      const isUnknown = record.recipient !== undefined && recipient === undefined
      if (isUnknown) await giveUpPost({ ...click, click }, 'backend-refused', outbox, false)
      else if (record.recipient === undefined || record.recipient === recipient) {
        await enqueue(click, post, recipient, outbox)
        await drainPosts('change', outbox)
      }
    },
    clicked: (click, record, context) =>
      postOf(click, record) ? undefined : drainPosts('click', outboxOf(context)),
    shown: (_chosen, _received, context) => drainPosts('push', outboxOf(context)),
  } satisfies WorkerPart<WorkerContext>
}

function postOf({ action }: StoredClick, { posts: all = {} }: ClickRecord) {
  return Object.hasOwn(all, action) ? all[action] : undefined
}

/** Writes a request down; one that cannot be is made at once. */
async function enqueue(
  click: StoredClick,
  { url, body }: NotificationPost,
  recipient: PendingPost['recipient'],
  outbox: PostsOutbox,
) {
  const { home, allowedOrigins } = outbox.context
  const { key, reply } = click
  const target = typeof url === 'string' ? allowedUrl(url, home, allowedOrigins) : undefined
  const text = toJson({ ...body, ...(reply !== undefined && { reply }) })
  const post: PendingPost = { key, click, url: target ?? '', body: text ?? '', recipient }
  if (target === undefined || text === undefined) {
    await giveUpPost(post, 'backend-refused', outbox)
    return
  }
  await outbox.log.put(post).catch(() => makePost(post, outbox, true))
}

function toJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value)
  } catch {
    return undefined
  }
}

/** Has the browser try again when something is left. */
async function syncPosts(outbox: PostsOutbox): Promise<void> {
  const left = await drainPosts('sync', outbox)
  if (left > 0) throw new PushwellError('backend-unreachable', 'Some requests are left.')
}
