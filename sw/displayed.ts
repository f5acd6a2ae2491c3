import { withDeadline } from '../src/shared/deadline.ts'
import {
  type ClickRecord,
  type NotificationAction,
  type NotificationDescriptor,
  readClickRecord,
} from './notification.ts'
import { saidMembers } from './said-members.ts'
import type { WorkerNotification, WorkerScope } from './worker-scope.ts'

/** A notification of ours. */
export interface OwnNotification {
  readonly record: ClickRecord
  readonly descriptor: NotificationDescriptor
  /** Absent while it is only about to be shown. */
  readonly notification?: WorkerNotification
}

/**
 * Gives the notifications of ours that the browser says to be on the screen. Firefox also lists one
 * for a moment that was just taken off it.
 *
 * @param listMs - Milliseconds that the list may take.
 * @throws PushwellError `timeout`.
 */
export async function displayed(
  { registration }: WorkerScope,
  listMs = 150,
): Promise<OwnNotification[]> {
  const listing = withDeadline(registration.getNotifications(), listMs, 'getNotifications()')
  return (await listing).flatMap((notification) => {
    const record = readClickRecord(notification.data)
    return record ? [{ notification, record, descriptor: describe(notification, record) }] : []
  })
}

/** Describes a notification as it was described to be shown. */
function describe(shown: WorkerNotification, record: ClickRecord): NotificationDescriptor {
  const { title, body, tag, lang, dir, icon, image, badge } = shown
  const { requireInteraction, timestamp, actions = [], data } = shown
  const { navigate, actions: targets = {} } = record
  const members = { title, body, tag, lang, dir, icon, image, badge, requireInteraction, timestamp }
  return {
    ...(saidMembers({ ...members, navigate }) as NotificationDescriptor),
    actions: (actions as readonly NotificationAction[]).map(({ icon: picture, ...rest }) => ({
      ...rest,
      ...(picture && { icon: picture }),
      ...(Object.hasOwn(targets, rest.action) && { navigate: targets[rest.action] }),
    })),
    data: (data as { readonly data?: unknown }).data,
  }
}
