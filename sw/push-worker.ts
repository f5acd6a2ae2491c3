import { withDeadline } from '../src/shared/deadline.ts'
import { typeError } from '../src/shared/errors.ts'
import type { MessageDefinitions, MessageType } from '../src/shared/message.ts'
import { parseMessage, type ReceivedMessage } from '../src/shared/parse-message.ts'
import { createRegistrationRecords } from '../src/shared/registration-records.ts'
import { answerClick } from './click.ts'
import type { NotificationDescriptor } from './notification.ts'
import { type DescribedMessage, describeMessage, type Route, type RouteFor } from './route.ts'
import { show } from './show.ts'
import { renewSubscription } from './subscription-change.ts'
import type { WorkerEvents, WorkerScope } from './worker-scope.ts'

/** How a push worker behaves. All of it has defaults. */
export interface PushWorkerOptions<Definitions extends MessageDefinitions = MessageDefinitions> {
  /** The app's messages: types `on`, and checks `data` before a route sees it. */
  readonly messages?: Definitions
  /**
   * Shown when a push says nothing that can be shown: an empty one, one that cannot be read, one
   * whose route fails and that carries no notification itself.
   *
   * @default a notification titled with the app's host name
   */
  readonly fallback?: NotificationDescriptor
  /** Put under every notification: what it does not say itself is taken from here. */
  readonly defaults?: Partial<NotificationDescriptor>
  /** Origins other than the app's own that a click may lead to. */
  readonly allowedOrigins?: readonly string[]
  /**
   * Milliseconds that a route may take. Firefox counts a push as silent when nothing is visible
   * three seconds after it.
   *
   * @default 2500
   */
  readonly deadlineMs?: number
  /** Headers for the backend, asked for before each request. Cookies go along without it. */
  readonly headers?: () => HeadersInit | Promise<HeadersInit>
}

/** A worker that answers push, click and subscription events. */
export interface PushWorker<Definitions extends MessageDefinitions = MessageDefinitions> {
  /**
   * Says what to do with the messages of one type. Call it while the script is first evaluated,
   * as every listener of a service worker.
   *
   * @throws TypeError when the type has a route already.
   */
  on<Type extends MessageType<Definitions>>(
    type: Type,
    route: RouteFor<Definitions, Type>,
  ): PushWorker<Definitions>
}

/**
 * Makes this service worker answer pushes, clicks and changes of the subscription. It listens to
 * nothing else and leaves `fetch` alone, so it may stand in a worker that does other things.
 *
 * @param scope - The worker's global scope; a test passes its own.
 */
export function createPushWorker<Definitions extends MessageDefinitions = MessageDefinitions>(
  options: PushWorkerOptions<Definitions> = {},
  scope: WorkerScope = globalThis as unknown as WorkerScope,
): PushWorker<Definitions> {
  const routes = new Map<string, Route<unknown>>()
  const allowedOrigins = (options.allowedOrigins ?? []).map(originOf)
  const records = createRegistrationRecords()
  scope.addEventListener('push', (event) => {
    event.waitUntil(showPush(event, options, scope, routes))
  })
  scope.addEventListener('notificationclick', (event) => {
    event.waitUntil(answerClick(event, scope, routes, allowedOrigins))
  })
  scope.addEventListener('pushsubscriptionchange', (event) => {
    event.waitUntil(renewSubscription(event, scope, records, options.headers))
  })
  const worker: PushWorker<Definitions> = {
    on(type, route) {
      if (routes.has(type))
        throw typeError('invalid-argument', `type "${type}" has a route already.`)
      routes.set(type, route)
      return worker
    },
  }
  return worker
}

function originOf(url: string): string {
  if (URL.canParse(url)) return new URL(url).origin
  throw typeError('invalid-argument', 'allowedOrigins must hold URLs, as "https://app.example".')
}

async function showPush(
  event: WorkerEvents['push'],
  options: PushWorkerOptions,
  scope: WorkerScope,
  routes: ReadonlyMap<string, Route<unknown>>,
): Promise<void> {
  const message = readMessage(event)
  const { id, type, notification } = message
  const described = await describe(message, options, routes).catch(() => undefined)
  const descriptor = described?.descriptor ?? notification ?? fallbackFor(message, options, scope)
  // Without its type, a message that its route could not use gets the default click.
  const identity = described ? { id, type, data: described.data } : { id }
  await show(scope, { ...options.defaults, ...descriptor }, identity)
}

function readMessage({ data }: WorkerEvents['push']): ReceivedMessage {
  try {
    // Not `data.text()`: Chromium gives null for bytes that are not UTF-8, and keeps a BOM.
    return data ? parseMessage(new TextDecoder().decode(data.arrayBuffer())) : {}
  } catch {
    return {}
  }
}

async function describe(
  message: ReceivedMessage,
  { messages, deadlineMs = 2500 }: PushWorkerOptions,
  routes: ReadonlyMap<string, Route<unknown>>,
): Promise<DescribedMessage | undefined> {
  const { type = '' } = message
  const route = routes.get(type)
  if (!route) return undefined
  const schema = messages && Object.hasOwn(messages, type) ? messages[type] : undefined
  return withDeadline(describeMessage(message, route, schema), deadlineMs, 'The route')
}

function fallbackFor(
  { text }: ReceivedMessage,
  { fallback }: PushWorkerOptions,
  { registration }: WorkerScope,
): NotificationDescriptor {
  const plain = fallback ?? { title: new URL(registration.scope).host }
  return text ? { body: text, ...plain } : plain
}
