import { postsTag } from '../src/shared/channel.ts'
import { isPushwellError } from '../src/shared/errors.ts'
import type { PendingPost } from '../src/shared/pending-post.ts'
import { type DrainReason, mayTry, retryAfter } from '../src/shared/sync-retry.ts'
import { giveUpPost } from './give-up-post.ts'
import { inTurn } from './in-turn.ts'
import type { PostsOutbox } from './posts-outbox.ts'
import { type PostHeaders, sendPost } from './send-post.ts'
import { timeoutMs } from './tell-backend.ts'

/**
 * Makes all requests that may be made now, one drainer at a time over all workers.
 *
 * @returns How many are left.
 */
export function drainPosts(reason: DrainReason, outbox: PostsOutbox): Promise<number> {
  const { home, scope } = outbox.context
  const work = () => drainInTurn(reason, outbox)
  return inTurn(scope, `pushwell-posts ${home}`, 2 * timeoutMs, work)
}

async function drainInTurn(reason: DrainReason, outbox: PostsOutbox): Promise<number> {
  const { context, log, done } = outbox
  const { home, scope } = context
  const listed = await log.list(home).catch(() => [])
  const waiting = listed.filter(({ key }) => !done.has(key))
  // Before anything is sent: the browser may end the worker while the backend takes its time.
  if (waiting.length > 0 && reason !== 'sync')
    scope.registration.sync?.register(postsTag).catch(() => undefined)
  for (const { key } of listed.filter((post) => !waiting.includes(post))) await forget(key, outbox)
  let left = 0
  for (const post of waiting) {
    if (!(await settle(post, reason, outbox))) left += 1
  }
  return left
}

/** @returns Whether nothing more is to be done for it. */
async function settle(
  post: PendingPost,
  reason: DrainReason,
  outbox: PostsOutbox,
): Promise<boolean> {
  const { context, giveUpAfterMs = 86_400_000 } = outbox
  const here = (await context.records.get(context.home))?.recipient
  const isLast = Date.now() >= post.click.at + giveUpAfterMs
  if (here === post.recipient)
    return (isLast || mayTry(post.retry, reason, Date.now())) && makePost(post, outbox, isLast)
  // What one user has said must not go out with another's credentials.
  const isOver = here !== undefined || isLast
  if (isOver) await forget(post.key, outbox)
  return isOver
}

async function forget(key: string, { log, done }: PostsOutbox): Promise<void> {
  done.add(key)
  await log.remove(key).catch(() => undefined)
}

/**
 * Makes one request.
 *
 * @param isLast - Whether it is given up when it fails.
 * @returns Whether nothing more is to be done for it.
 */
export async function makePost(
  post: PendingPost,
  outbox: PostsOutbox,
  isLast: boolean,
): Promise<boolean> {
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
      // Without it, the request is made again sooner.
      await log.put({ ...post, retry }).catch(() => undefined)
      return false
    }
    await giveUpPost(post, error.code, outbox)
  }
  await forget(post.key, outbox)
  return true
}
