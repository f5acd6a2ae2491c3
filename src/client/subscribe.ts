import {
  canonicalApplicationServerKey,
  invalidApplicationServerKey,
} from '../shared/application-server-key.ts'
import { withDeadline } from '../shared/deadline.ts'
import { PushwellError } from '../shared/errors.ts'

/**
 * Subscribes with a key, unless that is done already. A subscription made with another key is
 * given up first: a browser keeps one a registration and refuses a second key.
 *
 * @throws PushwellError: `subscribe-failed`, `unsubscribe-failed` or `timeout`; TypeError when the
 * browser does not take the key.
 */
export async function subscribeWith(
  applicationServerKey: string,
  held: PushSubscription | null,
  { pushManager }: ServiceWorkerRegistration,
  timeoutMs: number,
): Promise<PushSubscription> {
  if (held && hasKey(held, applicationServerKey)) return held
  if (held) await unsubscribe(held, timeoutMs)
  const options = { userVisibleOnly: true, applicationServerKey }
  try {
    return await withDeadline(pushManager.subscribe(options), timeoutMs, 'subscribe()')
  } catch (error) {
    throw subscribeError(error)
  }
}

/** Compares octet for octet. A browser that does not tell the key is believed. */
function hasKey({ options }: PushSubscription, key: string): boolean {
  const held = options.applicationServerKey
  return !held || canonicalApplicationServerKey(held) === key
}

/** Gives a subscription up. That it was given up already is no failure. */
export async function unsubscribe(
  subscription: PushSubscription,
  timeoutMs: number,
): Promise<void> {
  try {
    await withDeadline(subscription.unsubscribe(), timeoutMs, 'unsubscribe()')
  } catch (cause) {
    // Firefox rejects after ten seconds when its service does not answer, although the
    // subscription is gone here by then (seen in Firefox 153).
    if (nameOf(cause) === 'NetworkError') return
    throw new PushwellError('unsubscribe-failed', 'The browser kept the subscription. Try again.', {
      cause,
    })
  }
}

function subscribeError(cause: unknown): Error {
  if (cause instanceof PushwellError) return cause
  if (nameOf(cause) === 'InvalidAccessError') return invalidApplicationServerKey()
  return new PushwellError(
    'subscribe-failed',
    nameOf(cause) === 'NotAllowedError'
      ? 'The browser refused. Call enable() first thing in a click.'
      : 'The push service failed. It may be offline, blocked or switched off.',
    { cause },
  )
}

function nameOf(error: unknown): string | undefined {
  return (error as Partial<Error> | undefined)?.name
}
