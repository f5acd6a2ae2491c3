import { withDeadline } from '../src/shared/deadline.ts'
import { isPushwellError } from '../src/shared/errors.ts'
import { loadPictures, pictures, withoutPictures } from './load-pictures.ts'
import {
  type MessageIdentity,
  type NotificationDescriptor,
  notificationArguments,
} from './notification.ts'
import type { PushRun } from './push-run.ts'
import type { WorkerScope } from './worker-scope.ts'

/** Milliseconds that pictures have in any case, half for the worker and the rest for the browser. */
export const leastMs = 250
/** Milliseconds that a try without has: it is slow when the desktop is, and another is no faster. */
const slowMs = 5000

/**
 * Shows one notification, without those of its pictures that do not load in half of the time that
 * the push has left.
 *
 * @throws What the browser says to the last try: there is no permission.
 */
export async function show(
  scope: WorkerScope,
  descriptor: NotificationDescriptor,
  message: MessageIdentity,
  run?: PushRun,
): Promise<void> {
  const leftMs = Math.max(leastMs, run?.left(1) ?? 0)
  const until = performance.now() + leftMs
  const timeoutMs = Math.round(leftMs / 2)
  const late = (error: unknown) => run?.fail('show', error)
  const ready = await loadPictures(scope, descriptor, { timeoutMs, late })
  await showReady(scope, ready, message, { run, patienceMs: until - performance.now() })
}

/**
 * Shows a notification, whatever it takes: should the browser refuse it (an option that it does not
 * like, data that cannot be cloned), or wait longer than `patienceMs` for its pictures, again without
 * what may be why, the data of its own first, and at last with the title and where a click leads
 * alone.
 *
 * @throws What the browser says to the last try: there is no permission.
 */
export async function showReady(
  { registration }: WorkerScope,
  ready: NotificationDescriptor,
  message: MessageIdentity,
  { run, patienceMs }: { readonly run?: PushRun | undefined; readonly patienceMs: number },
): Promise<void> {
  // Also what the browser does not know, as far as we can tell: five seconds are more than a push has.
  const isLoading = pictures(ready).length > 0
  const { title, body, navigate, silent } = ready
  // What was given up may still be shown: it must replace the other, and not stand beside it.
  const tag = ready.tag || (isLoading ? `${Math.random()}` : undefined)
  const { id, recipient, record } = message
  const least: NotificationDescriptor = {
    title,
    ...(typeof tag === 'string' && { tag }),
    ...(silent === true && { silent }),
    ...((typeof navigate === 'string' || navigate === null) && { navigate }),
  }
  const text = { ...least, ...(typeof body === 'string' && { body }) }
  const attempt = (what: NotificationDescriptor, identity: MessageIdentity, timeoutMs = slowMs) => {
    const showing = async () =>
      registration.showNotification(...notificationArguments(what, identity))
    return withDeadline(showing(), timeoutMs, 'showNotification()')
  }
  const attemptWithoutPictures = () =>
    attempt({ ...withoutPictures(ready, () => true), ...least }, message)
  const again = (next: () => Promise<void>) => (error: unknown) => {
    run?.fail('show', error)
    return next()
  }
  const mostMs = isLoading ? Math.round(patienceMs) : slowMs
  const attemptMost = (what: NotificationDescriptor) =>
    attempt({ ...what, ...(tag && { tag }) }, message, mostMs)
  const { data, ...withoutData } = ready
  await attemptMost(ready)
    .catch((error: unknown) => {
      if (data === undefined || isPushwellError(error)) throw error
      return again(() => attemptMost(withoutData))(error)
    })
    .catch((error: unknown) => {
      if (!isLoading || !isPushwellError(error)) throw error
      return again(attemptWithoutPictures)(error)
    })
    .catch(again(() => attempt(text, { id, recipient, record })))
    .catch(again(() => attempt(least, { id, recipient })))
}
