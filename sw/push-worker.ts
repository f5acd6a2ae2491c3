import { syncTag, type VersionQuestion } from '../src/shared/channel.ts'
import { createClickLog } from '../src/shared/click-log.ts'
import { createDatabaseConnection } from '../src/shared/database-connection.ts'
import { PushwellError, typeError } from '../src/shared/errors.ts'
import { homeScope } from '../src/shared/key-move-scope.ts'
import type { MessageDefinitions } from '../src/shared/message.ts'
import { parseMessage, type ReceivedMessage } from '../src/shared/parse-message.ts'
import { parseUrl } from '../src/shared/parse-url.ts'
import { createRegistrationRecords } from '../src/shared/registration-records.ts'
import { version } from '../src/shared/version.ts'
import { answerClick } from './click.ts'
import { isNotificationDescriptor } from './notification.ts'
import type { PushWorkerOptions } from './push-worker-options.ts'
import type { Middleware, Route, RouteFor, RoutePattern } from './route.ts'
import { createRouter } from './router.ts'
import { showOnce } from './show-once.ts'
import { createShownLog } from './shown-log.ts'
import { renewSubscription } from './subscription-change.ts'
import { tellBackend } from './tell-backend.ts'
import { tellPages } from './tell-pages.ts'
import { withdrawPrivate } from './withdraw-private.ts'
import type { WorkerContext } from './worker-context.ts'
import type { WorkerEvents, WorkerScope } from './worker-scope.ts'

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
 * @throws TypeError when an option is wrong, naming it.
 */
export function createPushWorker<Definitions extends MessageDefinitions = MessageDefinitions>(
  options: PushWorkerOptions<Definitions> = {},
  scope: WorkerScope = globalThis as unknown as WorkerScope,
): PushWorker<Definitions> {
  for (const name of ['fallback', 'neutral'] as const) {
    if (options[name] !== undefined && !isNotificationDescriptor(options[name]))
      throw typeError('invalid-argument', `${name} must be a notification with a title.`)
  }
  const { lateRoutes } = options
  const router = createRouter(lateRoutes && (() => lateRoutes(worker)))
  const database = createDatabaseConnection()
  const context: WorkerContext = {
    scope,
    home: homeScope(scope.registration.scope),
    options,
    router,
    records: createRegistrationRecords(database),
    clicks: createClickLog(database),
    shownLog: createShownLog(database),
    showing: new Map(),
    allowedOrigins: (options.allowedOrigins ?? []).map(originOf),
  }
  listen(context)
  const worker: PushWorker<Definitions> = {
    on(type, route) {
      router.add(type, route as Route<unknown>)
      return worker
    },
    use(middleware) {
      router.use(middleware)
      return worker
    },
  }
  return worker
}

function listen(context: WorkerContext): void {
  const { scope } = context
  scope.addEventListener('push', (event) => {
    event.waitUntil(showPush(event, context))
  })
  scope.addEventListener('notificationclick', (event) => {
    event.waitUntil(answerClick(event, context))
  })
  scope.addEventListener('pushsubscriptionchange', (event) => {
    event.waitUntil(renewSubscription(event, context))
  })
  scope.addEventListener('sync', (event) => {
    if (event.tag === syncTag) event.waitUntil(syncBackend(context))
  })
  scope.addEventListener('message', ({ data, ports }) => {
    const question = data as VersionQuestion | null | undefined
    if (question?.pushwell === 1 && question.kind === 'version') ports[0]?.postMessage({ version })
  })
}

function originOf(url: string): string {
  const parsed = parseUrl(url)
  if (parsed) return parsed.origin
  throw typeError('invalid-argument', 'allowedOrigins must hold URLs, as "https://app.example".')
}

async function showPush(event: WorkerEvents['push'], context: WorkerContext): Promise<void> {
  await showOnce(readMessage(event), context, async (message, isNew) => {
    const isWithdrawn = await withdrawPrivate(message, context)
    const { id, type, data } = message
    if (isNew && type !== undefined && !isWithdrawn) {
      tellPages({ pushwell: 1, scope: context.home, kind: 'message', message: { id, type, data } })
    }
    await tellBackend('push', context)
  })
}

function readMessage({ data }: WorkerEvents['push']): ReceivedMessage {
  try {
    // Not `data.text()`: Chromium gives null for bytes that are not UTF-8, and keeps a BOM.
    return data ? parseMessage(new TextDecoder().decode(data.arrayBuffer())) : {}
  } catch {
    return {}
  }
}

/** Has the browser try again when the backend could not be told. */
async function syncBackend(context: WorkerContext): Promise<void> {
  const { retry } = (await tellBackend('sync', context)) ?? {}
  if (retry) throw new PushwellError(retry.code, 'The backend could not be told yet.')
}
