import type { MessageIdentity, NotificationDescriptor } from '../notification.ts'
import type { BasicContext } from './basic-context.ts'
import { withinMs } from './within-ms.ts'

/**
 * Shows a notification; should the browser refuse it (an option that it does not like, data that
 * cannot be cloned), or wait long for a picture, again with its texts alone.
 *
 * @throws What the browser says to the second try: there is no permission.
 */
export async function showBasic(
  descriptor: NotificationDescriptor,
  message: MessageIdentity,
  { scope, deadlineMs, options }: BasicContext,
): Promise<void> {
  // The same for both tries: what was given up may be shown yet, and must not stand beside the other.
  const unique = message.id ?? `${Math.random()}`
  const all = { ...options.defaults, ...descriptor }
  const { title, navigate, match, tag = unique, ...details } = all
  const show = async ({
    data,
    actions = [],
    ...shown
  }: Partial<NotificationDescriptor>): Promise<true> => {
    const leads = actions.map(({ action, navigate: to = navigate }) => [action, to])
    const record = { v: 1, ...message, navigate, match, actions: Object.fromEntries(leads) }
    const carried = { pushwell: record, data }
    await scope.registration.showNotification(title, { ...shown, tag, actions, data: carried })
    return true
  }
  if (await withinMs(deadlineMs * 0.2, () => show(details))) return
  await show({ body: details.body } as NotificationDescriptor)
}
