import { createClickLog } from '../src/shared/click-log.ts'
import { createDatabaseConnection } from '../src/shared/database-connection.ts'
import { typeError } from '../src/shared/errors.ts'
import { homeScope } from '../src/shared/key-move-scope.ts'
import type { MessageDefinitions } from '../src/shared/message.ts'
import { parseUrl } from '../src/shared/parse-url.ts'
import { createRegistrationRecords } from '../src/shared/registration-records.ts'
import { version } from '../src/shared/version.ts'
import { checkOptions } from './check-options.ts'
import { confirmSeen } from './confirm-seen.ts'
import { listen } from './listen.ts'
import type { PushWorkerOptions } from './push-worker-options.ts'
import type { Middleware, Route, RouteFor, RoutePattern } from './route.ts'
import { createRouter, type RouteTable } from './router.ts'
import { createShownLog } from './shown-log.ts'
import { renewLater } from './subscription-change.ts'
import type { WorkerContext } from './worker-context.ts'
import type { WorkerScope } from './worker-scope.ts'

/** A worker that answers push, click and subscription events. */
export interface PushWorker<Definitions extends MessageDefinitions = MessageDefinitions> {
  /**
   * Says what to do with the messages of one type, `chat.message`; of all types with a prefix,
   * `chat.*`, as far as `messages` has them; or with all messages that have no other route, `*`:
   * these may have any type or none, so that their data may be anything. The longest prefix counts. Call
   * it while the script is first evaluated, or from the option `lateRoutes`.
   *
   * @throws TypeError when the type has a route already, or has a `*` elsewhere.
   */
  on<Pattern extends RoutePattern<Definitions>>(
    type: Pattern,
    route: RouteFor<Definitions, Pattern>,
  ): PushWorker<Definitions>
  /** Puts a middleware around all routes, inside of those that were there before. */
  use(middleware: Middleware): PushWorker<Definitions>
}

/**
 * Makes this service worker answer pushes, clicks and changes of the subscription, and tell the
 * backend what it does not know yet. It takes no other message than a page's question for its
 * version, no sync event but its own, and leaves `fetch` alone, so it may stand in a worker that
 * does other things.
 *
 * @param scope - The worker's global scope; a test passes its own.
 * @throws TypeError or RangeError when an option is wrong, naming it; TypeError and when there is a push worker in this scope
 * already: two would show each message twice.
 */
export function createPushWorker<Definitions extends MessageDefinitions = MessageDefinitions>(
  options: PushWorkerOptions<Definitions> = {},
  scope: WorkerScope = globalThis as unknown as WorkerScope,
): PushWorker<Definitions> {
  checkOptions(options)
  const { lateRoutes } = options
  const home = homeScope(scope.registration.scope)
  const plain = {
    // Read when it is shown: `URL` is a noticeable part of what a worker needs to start.
    get title() {
      return new URL(home).host
    },
  }
  const deadlineMs = options.deadlineMs ?? 2500
  const workerOf = (table: RouteTable) => {
    const worker: PushWorker<Definitions> = {
      on(type, route) {
        table.add(type, route as Route<unknown>)
        return worker
      },
      use(middleware) {
        table.use(middleware)
        return worker
      },
    }
    return worker
  }
  const router = createRouter(lateRoutes && ((table) => lateRoutes(workerOf(table))), deadlineMs)
  const database = createDatabaseConnection()
  const context: WorkerContext = {
    scope,
    home,
    options,
    fallback: options.fallback ?? plain,
    neutral: options.neutral ?? plain,
    deadlineMs,
    router,
    database,
    records: createRegistrationRecords(database),
    clicks: createClickLog(database),
    shownLog: createShownLog(database),
    showing: new Map(),
    ended: new Set(),
    parts: options.parts ?? [],
    allowedOrigins: (options.allowedOrigins ?? []).map(originOf),
  }
  if (mark in scope) {
    throw typeError(
      'invalid-argument',
      'createPushWorker must be called once, and was called before.',
    )
  }
  Object.defineProperty(scope, mark, { value: version })
  listen(context)
  renewLater(context)
  confirmSeen(context)
  for (const part of context.parts) part.start?.(context)
  return workerOf(router)
}

/** Says in a worker's scope that somebody answers its pushes; the same in every copy of Pushwell. */
const mark = Symbol.for('pushwell')

function originOf(url: string): string {
  const parsed = parseUrl(url)
  if (parsed) return parsed.origin
  throw typeError('invalid-argument', 'allowedOrigins must hold URLs, as "https://app.example".')
}
