import { homeScope } from '../../src/shared/key-move-scope.ts'
import type { WorkerScope } from '../worker-scope.ts'
import { answerPush } from './answer-push.ts'
import type { BasicContext } from './basic-context.ts'
import type { BasicPushWorkerOptions } from './basic-push-worker-options.ts'
import type { BasicRoute } from './basic-route.ts'
import { followClick } from './follow-click.ts'

/** A worker that answers pushes and clicks. */
export interface BasicPushWorker {
  /**
   * Says what to do with the messages of one type, `chat.message`; of all types with a prefix,
   * `chat.*`; or with all that have no other route, `*`. The longest prefix counts, and of two routes
   * for one type the later.
   */
  on(type: string, route: BasicRoute): BasicPushWorker
}

/**
 * Makes this service worker show each push, and follow clicks: what `createPushWorker` does at the
 * least, for a worker in which a kilobyte counts. It keeps nothing. So it knows nobody who is signed
 * in, and shows `neutral` for each message that has a `recipient`; a message that comes again
 * replaces its notification while that is on the screen, and is shown again after; and a subscription
 * that the browser has changed is the page's to renew. It reads Pushwell's format, plain
 * Declarative Web Push and text. docs/worker.md says what else it leaves out.
 *
 * @param scope - The worker's global scope; a test passes its own.
 * @throws TypeError when there is a push worker in this scope already, of this kind or the other; and
 * for an `allowedOrigins` that holds no URLs.
 */
export function createBasicPushWorker(
  options: BasicPushWorkerOptions = {},
  scope: WorkerScope = globalThis as unknown as WorkerScope,
): BasicPushWorker {
  const routes = new Map<string, BasicRoute>()
  const home = homeScope(scope.registration.scope)
  const context: BasicContext = {
    scope,
    home,
    options,
    allowedOrigins: (options.allowedOrigins ?? []).map((url) => new URL(url).origin),
    deadlineMs: options.deadlineMs ?? 2500,
    routes,
  }
  // Refused when there is a push worker already, of this kind or the other: each push has one.
  Object.defineProperty(scope, Symbol.for('pushwell'), { value: context })
  scope.addEventListener('push', (event) => event.waitUntil(answerPush(event, context)))
  scope.addEventListener('notificationclick', (event) =>
    event.waitUntil(followClick(event, context)),
  )
  const worker: BasicPushWorker = {
    on(type, route) {
      routes.set(type, route)
      return worker
    },
  }
  return worker
}
