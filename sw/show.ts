import { withDeadline } from '../src/shared/deadline.ts'
import { isPushwellError } from '../src/shared/errors.ts'
import {
  type MessageIdentity,
  type NotificationDescriptor,
  notificationArguments,
} from './notification.ts'
import type { PushRun } from './push-run.ts'
import { quietly } from './quietly.ts'
import type { WorkerContext } from './worker-context.ts'

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
  { scope: { registration }, lateTries }: Pick<WorkerContext, 'scope' | 'lateTries'>,
  descriptor: NotificationDescriptor,
  message: MessageIdentity,
  run?: PushRun,
): Promise<void> {
  const { icon, image, badge, actions, ...bare } = descriptor
  const buttons: typeof actions = Array.isArray(actions) ? actions : []
  const isLoading = [icon, image, badge, ...buttons.map((it) => it?.icon)].some(Boolean)
  const { title, body, navigate, silent } = bare
  // What was given up may still be shown: it must replace the other, and not stand beside it.
  const own = typeof bare.tag === 'string' ? bare.tag : undefined
  const tag = own || (isLoading ? `${Math.random()}` : undefined)
  const { id, recipient, record } = message
  const least: NotificationDescriptor = {
    title,
    ...(tag && { tag }),
    ...(silent === true && { silent }),
    ...((typeof navigate === 'string' || navigate === null) && { navigate }),
  }
  const text = { ...least, ...(typeof body === 'string' && { body }) }
  const attempt = async (
    what: NotificationDescriptor,
    identity: MessageIdentity,
    timeoutMs = slowMs,
    isLate?: (showing: Promise<void>) => void,
  ) => {
    const showAs = async (how: NotificationDescriptor) =>
      registration.showNotification(...notificationArguments(how, identity))
    const showing = showAs(what)
    try {
      await withDeadline(showing, timeoutMs, 'showNotification()')
    } catch (error) {
      if (isPushwellError(error)) isLate?.(showing)
      throw error
    }
    if (tag) lateTries.shown(tag, descriptor, () => showAs(quietly(what)))
  }
  const withoutPictures = () =>
    attempt({ ...bare, ...least, actions: buttons.map(({ icon: _icon, ...it }) => it) }, message)
  const again = (next: () => Promise<void>) => (error: unknown) => {
    run?.fail('show', error)
    return next()
  }
  const attemptMost = (what: NotificationDescriptor) => {
    const patienceMs = isLoading ? Math.max(leastMs, run?.left(1) ?? 0) : slowMs
    const mind = (showing: Promise<void>) => tag && lateTries.mind(tag, showing, descriptor)
    const tagged = { ...what, ...(tag && { tag }) }
    return attempt(tagged, message, patienceMs, isLoading ? mind : undefined)
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
