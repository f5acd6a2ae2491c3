import type { NotificationDescriptor } from '../notification.ts'
import type { BasicContext } from './basic-context.ts'
import { withinMs } from './within-ms.ts'

/**
 * Shows a notification; should the browser refuse it (an option that it does not like, data that
 * cannot be cloned), or wait too long for a picture, again with its texts alone; should it refuse these
 * as well, with the title alone.
 *
 * @param id - The message's: a second copy of it replaces the first.
 * @param until - When it must be visible, in milliseconds since 1970.
 * @throws What the browser says to the last try: there is no permission.
 */
export async function showBasic(
  descriptor: NotificationDescriptor,
  id: string | undefined,
  until: number,
  { scope: { registration }, options }: BasicContext,
): Promise<void> {
  const all = { ...options.defaults, ...descriptor }
  const { title, navigate, match, tag: own, ...details } = all
  // The same for both tries: the first may be shown yet, and must not stand beside the second.
  const tag = own || id || `${Math.random()}`
  const show = async ({
    data,
    actions = [],
    ...shown
  }: Omit<NotificationDescriptor, 'title'>): Promise<true> => {
    const leads: Record<string, string | null | undefined> = {}
    // A browser that knows the `navigate` of a button would follow it by itself, wherever it leads.
    const buttons = actions.map(({ action, navigate: to = navigate, ...button }) => {
      leads[action] = to
      return { action, ...button }
    })
    const record = { v: 1, id, navigate, match, actions: leads }
    const carried = { tag, actions: buttons, data: { pushwell: record, data } }
    await registration.showNotification(title, { ...shown, ...carried })
    return true
  }
  if (await withinMs(until - Date.now(), () => show(details))) return
  const { body = '', silent = false } = details
  await show({ body, silent }).catch(() =>
    registration.showNotification(title, { data: { pushwell: { v: 1 } } }),
  )
}
