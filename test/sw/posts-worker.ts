import { createDatabaseConnection } from '../../src/shared/database-connection.ts'
import type { LoadWorkerOptions } from '../../src/testing/worker/index.ts'
import {
  createPushWorker,
  type NotificationAction,
  posts,
  type PostsOptions,
  type Route,
  type WorkerPart,
} from '../../sw/index.ts'
import { createPostLog } from '../../sw/post-log.ts'
import { home, loadPushWorker, ours, pushOne } from './load-push-worker.ts'

/** A request as the backend got it. */
export interface Posted {
  readonly method: string
  readonly url: string
  readonly key: string | null
  readonly token: string | null
  readonly credentials: string
  readonly body: unknown
}

/** What the backend answers: a status, a cut connection, or what is made at that moment. */
export type Answer = number | 'cut' | (() => Response | Promise<Response>)

interface Setting extends LoadWorkerOptions {
  readonly post?: NotificationAction['post']
  readonly action?: Partial<NotificationAction>
  readonly options?: Partial<PostsOptions>
  /** How the backend answers, one after the other; then 204. */
  readonly answers?: readonly Answer[]
  readonly hasPart?: boolean
  /** What the route does on a click. */
  readonly onClick?: Route<unknown>['click']
  readonly parts?: readonly WorkerPart[]
}

/** What is shown for a request that was given up. */
export const failed = { title: 'Not sent' }

/** A worker whose notifications have the button `like`, and what its backend got. */
export async function loadPostsWorker({
  post = { url: '/like', body: { order: 42 } },
  action,
  options,
  answers = [],
  hasPart = true,
  onClick,
  parts = [],
  ...more
}: Setting = {}) {
  const posted: Posted[] = []
  const left = [...answers]
  const worker = await loadPushWorker(
    (scope) =>
      createPushWorker(
        {
          allowedOrigins: ['https://partner.example'],
          headers: () => ({ authorization: 'Bearer t' }),
          parts: hasPart ? [posts({ failed, ...options }), ...parts] : parts,
        },
        scope,
      ).on('any', {
        notification: () => ({
          title: 'Title',
          navigate: '/orders/42',
          actions: [{ action: 'like', title: 'Like', post, ...action }],
        }),
        ...(onClick && { click: onClick }),
      }),
    {
      async fetch(request) {
        const { method, url, headers, credentials } = request
        const key = headers.get('idempotency-key')
        const token = headers.get('authorization')
        const body: unknown = await request.json()
        posted.push({ method, url, key, token, credentials, body })
        const answer = left.shift() ?? 204
        if (answer === 'cut') throw new TypeError('Failed to fetch')
        return typeof answer === 'function' ? answer() : new Response(null, { status: answer })
      },
      ...more,
    },
  )
  let messages = 0
  /** Shows a notification, and clicks its button. */
  const click = async (recipient?: string, reply?: string) => {
    messages += 1
    const message = ours('any', { n: 1 }, { id: `m${messages}`, ...(recipient && { recipient }) })
    const shown = await pushOne(worker, message)
    return worker.click(shown, 'like', reply === undefined ? {} : { reply })
  }
  return { worker, posted, click }
}

/** The requests that are to be made again. */
export const waiting = () => createPostLog(createDatabaseConnection()).list(home)
