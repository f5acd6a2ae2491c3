import { type PostsRequest, postsTag } from '../src/shared/channel.ts'
import { isPushwellError, PushwellError, typeError } from '../src/shared/errors.ts'
import type { PendingPost } from '../src/shared/pending-post.ts'
import { noteFailure } from '../src/shared/recorded-failures.ts'
import type { StoredClick } from '../src/shared/stored-click.ts'
import { type DrainReason, mayTry, retryAfter } from '../src/shared/sync-retry.ts'
import { cleanNotification } from './clean-notification.ts'
import { allowedUrl } from './click-url.ts'
import {
  isNotificationDescriptor,
  type NotificationDescriptor,
  type NotificationPost,
} from './notification.ts'
import { createPostLog, type PostLog } from './post-log.ts'
import type { RouteClick } from './route.ts'
import { type PostHeaders, sendPost } from './send-post.ts'
import { show } from './show.ts'
import { timeoutMs } from './tell-backend.ts'
import type { WorkerContext } from './worker-context.ts'
import type { WorkerPart } from './worker-part.ts'

/** How `posts()` goes about it. */
export interface PostsOptions {
  /**
   * Shown when a request has come to nothing: the backend has refused it (401, 403 and other 400–499
   * but 429), its URL is not allowed, or nobody has answered for `giveUpAfterMs`.
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

/** What a part for requests works with. */
interface Outbox extends PostsOptions {
  readonly context: WorkerContext
  readonly log: PostLog
}

/**
 * Makes the requests of buttons that have a `post`. Each is written down before it is made and kept
 * until the backend has answered, and made again at a background sync where the browser has that, at
 * the next push or click, when a page is opened or comes to the front, and when the network is back
 * while one is open; at the latest then. Cookies go along to the app's own origin alone. Once somebody
 * else is signed in (`identify`, `forget`), what is left of the user before is dropped.
 *
 * @throws TypeError when `failed` is no notification.
 */
export function posts(options: PostsOptions): WorkerPart {
  const { failed } = options
  if (typeof failed !== 'function' && !isNotificationDescriptor(failed))
    throw typeError('invalid-argument', 'failed must be a notification with a title, or give one.')
  const logs = new WeakMap<WorkerContext, PostLog>()
  const outboxOf = (context: WorkerContext): Outbox => {
    const log = logs.get(context) ?? createPostLog(context.database)
    logs.set(context, log)
    return { ...options, context, log }
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
        if (pushwell === 1 && kind === 'posts') event.waitUntil(drain('online', outbox))
      })
    },
    async clicked(click, record, context) {
      const post = Object.entries(record.posts ?? {}).find(([action]) => action === click.action)
      const outbox = outboxOf(context)
      if (post) await enqueue(click, post[1], outbox)
      await drain(post ? 'change' : 'click', outbox)
    },
    shown: (_chosen, _received, context) => drain('push', outboxOf(context)),
  } satisfies WorkerPart<WorkerContext>
}

/** Writes a request down; one that cannot be is made at once. */
async function enqueue(click: StoredClick, { url, body }: NotificationPost, outbox: Outbox) {
  const { home, allowedOrigins, records } = outbox.context
  const { key, reply } = click
  const target = allowedUrl(url, home, allowedOrigins)
  const recipient = (await records.get(home))?.recipient
  const text = toJson({ ...body, ...(reply !== undefined && { reply }) })
  const post: PendingPost = { key, click, url: target ?? '', body: text ?? '', recipient }
  if (target === undefined || text === undefined) return giveUp(post, 'backend-refused', outbox)
  await outbox.log.put(post).catch(() => attempt(post, outbox, true))
}

function toJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value)
  } catch {
    return undefined
  }
}

/** Has the browser try again when something is left. */
async function syncPosts(outbox: Outbox): Promise<void> {
  const left = await drain('sync', outbox)
  if (left > 0) throw new PushwellError('backend-unreachable', 'Some requests are left.')
}

/**
 * Makes all requests that may be made now, one drainer at a time over all workers.
 *
 * @returns How many are left.
 */
async function drain(reason: DrainReason, outbox: Outbox): Promise<number> {
  const { home, scope } = outbox.context
  const work = () => drainInTurn(reason, outbox)
  const { locks } = scope.navigator
  const signal = AbortSignal.timeout(2 * timeoutMs)
  const left = await (locks ? locks.request(`pushwell-posts ${home}`, { signal }, work) : work())
  if (left > 0 && reason !== 'sync') {
    await scope.registration.sync?.register(postsTag).catch(() => undefined)
  }
  return left
}

async function drainInTurn(reason: DrainReason, outbox: Outbox): Promise<number> {
  const { context, log, giveUpAfterMs = 86_400_000 } = outbox
  const { home, records } = context
  const waiting = await log.list(home).catch(() => [])
  const settled: boolean[] = []
  for (const post of waiting) {
    const here = (await records.get(home))?.recipient
    const isLast = Date.now() >= post.click.at + giveUpAfterMs
    if (here !== post.recipient) {
      // What one user has said must not go out with another's credentials.
      const isOver = here !== undefined || isLast
      if (isOver) await log.remove(post.key)
      settled.push(isOver)
    } else if (isLast || mayTry(post.retry, reason, Date.now())) {
      settled.push(await attempt(post, outbox, isLast))
    }
  }
  return waiting.length - settled.filter(Boolean).length
}

/**
 * Makes one request.
 *
 * @param isLast - Whether it is given up when it fails.
 * @returns Whether nothing more is to be done for it.
 */
async function attempt(post: PendingPost, outbox: Outbox, isLast: boolean): Promise<boolean> {
  const { context, log } = outbox
  const { home, options } = context
  const own: PostHeaders = (url) =>
    new URL(url).origin === new URL(home).origin ? options.headers?.() : undefined
  try {
    await sendPost(post, outbox.headers ?? own)
  } catch (error) {
    if (!isPushwellError(error)) throw error
    if (!isLast && !/refused|unauthorized/.test(error.code)) {
      const retry = retryAfter(error, { retry: post.retry }, Date.now(), Math.random())
      await log.put({ ...post, retry })
      return false
    }
    await giveUp(post, error.code, outbox).catch(() => undefined)
  }
  await log.remove(post.key).catch(() => undefined)
  return true
}

/** Tells the user that a request has come to nothing. */
async function giveUp(
  { key, click, recipient }: PendingPost,
  code: PushwellError['code'],
  { context, failed }: Outbox,
): Promise<void> {
  const { scope, home, options, allowedOrigins, records } = context
  const { type = '', id, data, action, reply } = click
  const post = { type, id, data, action, reply }
  const describe = async () => (typeof failed === 'function' ? failed(post) : failed)
  const said = await describe().catch(() => undefined)
  const descriptor = isNotificationDescriptor(said) ? said : context.fallback
  // The same one, should the worker end before the request is forgotten.
  const tagged = { ...options.defaults, tag: `pushwell-post ${key}`, ...descriptor }
  const { maxActions } = scope.Notification ?? {}
  const clean = cleanNotification(tagged, { home, allowedOrigins, maxActions })
  await show(scope, clean, { recipient: recipient ?? undefined })
  await records.update(home, (record) => ({
    ...record,
    failures: noteFailure(record.failures, code, Date.now()),
  }))
}
