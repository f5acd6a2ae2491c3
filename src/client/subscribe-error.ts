import { invalidApplicationServerKey } from '../shared/application-server-key.ts'
import { PushwellError, type PushwellErrorCode, type Remedy } from '../shared/errors.ts'

type Explanation = readonly [code: PushwellErrorCode, sentence: string, remedy: Remedy]

const gesture: Explanation = [
  'gesture-required',
  'The browser subscribes only in a click. Call enable() first thing in one.',
  'click-again',
]
const privateWindow: Explanation = [
  'push-service-off',
  'This window has no push service: private windows have none.',
  'leave-private-browsing',
]
const brave: Explanation = [
  'push-service-off',
  'Brave has its push service off: brave://settings/privacy, "Use Google services for push messaging".',
  'enable-push-service',
]
const refused: Explanation = [
  'subscribe-failed',
  'The browser lets this site subscribe no more: its permission is gone.',
  'unblock-notifications',
]
const service: Explanation = [
  'push-service-failed',
  'The push service failed. It may be offline, blocked or switched off.',
  'check-network',
]
const worker: Explanation = [
  'worker-failed',
  'The service worker is not active (any more). Load the page again.',
  'reload-page',
]
const unknown: Explanation = [
  'subscribe-failed',
  'The browser did not subscribe: see the cause.',
  'reload-page',
]

/** By the name of what `subscribe()` rejects with (Push API §7.1); an AbortError by its text too. */
const explanations: Readonly<Record<string, Explanation>> = {
  NotAllowedError: gesture,
  InvalidStateError: worker,
  SecurityError: privateWindow,
  NetworkError: service,
}

/**
 * Says what a rejection of `subscribe()` means and what helps, in all the forms that browsers give
 * it.
 *
 * @param isBrave - Whether this is Brave, which asks Google's push service only when told to.
 */
export function subscribeError(cause: unknown, isBrave: boolean): Error {
  if (cause instanceof PushwellError) return cause
  const { name = '', message = '' } = (cause ?? {}) as Partial<Error>
  if (/^Invalid(Access|Character)Error$|^NotSupportedError$/.test(name)) {
    return invalidApplicationServerKey()
  }
  const [code, sentence, remedy] = explanationOf(name, message, isBrave)
  return new PushwellError(code, sentence, { cause, remedy })
}

function explanationOf(name: string, message: string, isBrave: boolean): Explanation {
  if (name === 'AbortError') return abortError(message, isBrave)
  // Chromium's words: it asks for no click (156).
  if (name === 'NotAllowedError' && /permission denied/.test(message)) return refused
  return explanations[name] ?? unknown
}

/** Chromium's (156): "Registration failed - …", "Subscription failed - …". */
function abortError(message: string, isBrave: boolean): Explanation {
  // In an incognito window, although the permission is said to be granted.
  if (/permission denied/.test(message)) return privateWindow
  if (/active Service Worker/i.test(message)) return worker
  return isBrave ? brave : service
}
