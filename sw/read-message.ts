import {
  hasEnvelope,
  parseMessage,
  parseNotification,
  readPayload,
  type ReceivedMessage,
} from '../src/shared/parse-message.ts'
import type { PushWorkerOptions } from './push-worker-options.ts'
import type { WorkerEvents } from './worker-scope.ts'

/**
 * Reads payloads of a format that Pushwell does not know. Asked for each that has no envelope of
 * ours, in the order of the option `payloads`; the first that understands one is believed, and what
 * it gives is checked as any message is. One that throws has not understood.
 *
 * @param payload - What JSON says, else the text of the push.
 * @returns `undefined` for a payload that is not of this format.
 */
export type PayloadAdapter = (payload: unknown) => AdaptedMessage | undefined

/** A message as an adapter makes it. Members of the wrong type are left out. */
export type AdaptedMessage = Omit<ReceivedMessage, 'text'>

/**
 * Reads the message of a push. Never throws, whatever the bytes are.
 *
 * @param failed - Called when the option `take` fails: the push is taken then, as two handlers that
 * leave it to each other would show nothing.
 * @returns `undefined` when the push is left to another handler.
 */
export function readMessage(
  {
    data,
    notification,
    appBadge,
  }: Pick<WorkerEvents['push'], 'data' | 'notification' | 'appBadge'>,
  { payloads = [], take = 'all' }: Pick<PushWorkerOptions, 'payloads' | 'take'>,
  failed?: (error: unknown) => void,
): ReceivedMessage | undefined {
  const isLeft = (payload: unknown) => {
    try {
      return typeof take === 'function' ? !take(payload) : take === 'ours'
    } catch (error) {
      failed?.(error)
      return false
    }
  }
  try {
    // Not `data.text()`: Chromium gives null for bytes that are not UTF-8, and keeps a BOM.
    const payload = data ? readPayload(new TextDecoder().decode(data.arrayBuffer())) : undefined
    const known = hasEnvelope(payload) ? payload : adapt(payload, payloads)
    if (!known && isLeft(payload)) return undefined
    const message = parseMessage(known ?? payload)
    // Of a mutable declarative message, a browser may hand over no more than what it would show.
    const declared = message.notification ? undefined : parseNotification(notification ?? {})
    return {
      ...message,
      ...(declared && { notification: declared }),
      ...(typeof appBadge === 'number' && { appBadge }),
    }
  } catch {
    return {}
  }
}

/** Understands a payload that was got in another way than by a push. */
export function understand(
  payload: unknown,
  { payloads = [] }: Pick<PushWorkerOptions, 'payloads'>,
): ReceivedMessage {
  return parseMessage(hasEnvelope(payload) ? payload : (adapt(payload, payloads) ?? payload))
}

/** Has adapters make a message of a payload, in a form that is checked as any other is. */
function adapt(payload: unknown, adapters: readonly PayloadAdapter[]): object | undefined {
  for (const adapter of adapters) {
    try {
      const adapted = adapter(payload)
      if (!adapted) continue
      const { notification, appBadge } = adapted
      return { pushwell: { ...adapted, v: 1 }, notification, app_badge: appBadge }
    } catch {
      // Another may know it.
    }
  }
  return undefined
}
