import { withDeadline } from '../src/shared/deadline.ts'
import { isPushwellError } from '../src/shared/errors.ts'
import {
  type MessageIdentity,
  type NotificationDescriptor,
  notificationArguments,
} from './notification.ts'
import type { PushRun } from './push-run.ts'
import type { WorkerScope } from './worker-scope.ts'

/** Milliseconds that a try with pictures has in any case: they are loaded first. */
const leastMs = 250
/** Milliseconds that a try without has: it is slow when the desktop is, and another is no faster. */
const slowMs = 5000

/**
 * Shows one notification, whatever it takes: should the browser refuse it (an option that it does
 * not like, data that cannot be cloned), or wait too long for its pictures, again without what may be
 * why, the data of its own first, and at last with the title and where a click leads alone.
 *
 * @throws What the browser says to the last try: there is no permission.
 */
export async function show(
  { registration }: WorkerScope,
  descriptor: NotificationDescriptor,
  message: MessageIdentity,
  run?: PushRun,
): Promise<void> {
  const { icon, image, badge, actions, ...bare } = descriptor
  const buttons: typeof actions = Array.isArray(actions) ? actions : []
  const isLoading = [icon, image, badge, ...buttons.map((it) => it?.icon)].some(Boolean)
  const { title, body, navigate, silent } = bare
  // What was given up may still be shown: it must replace the other, and not stand beside it.
  const tag = bare.tag || (isLoading ? `${Math.random()}` : undefined)
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
  const withoutPictures = () =>
    attempt({ ...bare, ...least, actions: buttons.map(({ icon: _icon, ...it }) => it) }, message)
  const again = (next: () => Promise<void>) => (error: unknown) => {
    run?.fail('show', error)
    return next()
  }
  const attemptMost = (what: NotificationDescriptor) => {
    const patienceMs = isLoading ? Math.max(leastMs, run?.left(1) ?? 0) : slowMs
    return attempt({ ...what, ...(tag && { tag }) }, message, patienceMs)
  }
  const { data, ...withoutData } = descriptor
  await attemptMost(descriptor)
    .catch((error: unknown) => {
      if (data === undefined || isPushwellError(error)) throw error
      return again(() => attemptMost(withoutData))(error)
    })
    .catch((error: unknown) => {
      if (!isLoading || !isPushwellError(error)) throw error
      return again(withoutPictures)(error)
    })
    .catch(again(() => attempt(text, { id, recipient, record })))
    .catch(again(() => attempt(least, { id, recipient })))
}
