import { withDeadline } from '../src/shared/deadline.ts'
import type { NotificationDescriptor } from './notification.ts'

/**
 * Loads the pictures of a notification before the browser does. What it is shown with cannot be
 * called back: while a picture hangs the notification waits, Chromium for six seconds (156) and
 * Firefox for minutes (153), and then it is shown whatever has become of the message meanwhile.
 *
 * @param timeoutMs - Milliseconds for all of them. The browser may need as long again, for a picture
 * that its cache does not keep.
 * @param late - Called when some did not come in time.
 * @returns The notification without those. A picture that fails at once stays: the browser does not
 * wait for it either, or may load what a worker may not (`connect-src` of a content security policy).
 */
export async function loadPictures(
  descriptor: NotificationDescriptor,
  timeoutMs: number,
  late: (error: unknown) => void,
): Promise<NotificationDescriptor> {
  const missing = new Set(pictures(descriptor).filter((url) => !/^data:/i.test(url)))
  if (missing.size === 0) return descriptor
  const controller = new AbortController()
  const { signal } = controller
  const load = async (url: string) => {
    const response = await fetch(url, { mode: 'no-cors', credentials: 'include', signal })
    await response.arrayBuffer()
  }
  const loading = Array.from(missing, async (url) => {
    await load(url).catch(() => undefined)
    missing.delete(url)
  })
  try {
    await withDeadline(Promise.all(loading), timeoutMs, 'A picture')
    return descriptor
  } catch (error) {
    late(error)
    const without = withoutPictures(descriptor, (url) => missing.has(url))
    controller.abort()
    return without
  }
}

/** The addresses of what the browser loads before it shows a notification. */
export function pictures({ icon, image, badge, actions }: NotificationDescriptor): string[] {
  const buttons = Array.isArray(actions) ? actions : []
  const all: unknown[] = [icon, image, badge, ...buttons.map((it) => it?.icon)]
  return all.filter((url): url is string => typeof url === 'string' && url !== '')
}

/** Describes the same notification without some of its pictures. */
export function withoutPictures(
  descriptor: NotificationDescriptor,
  isOut: (url: string) => boolean,
): NotificationDescriptor {
  const isIn = ([name, value]: [string, unknown]) =>
    !['icon', 'image', 'badge'].includes(name) || typeof value !== 'string' || !isOut(value)
  const keep = <Item extends object>(item: Item) =>
    Object.fromEntries(Object.entries(item ?? {}).filter(isIn)) as Item
  const { actions } = descriptor
  return { ...keep(descriptor), ...(Array.isArray(actions) && { actions: actions.map(keep) }) }
}
