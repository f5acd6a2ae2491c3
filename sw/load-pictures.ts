import { withDeadline } from '../src/shared/deadline.ts'
import type { NotificationDescriptor } from './notification.ts'
import type { WorkerScope } from './worker-scope.ts'

/** What loading needs beside what is loaded. */
export interface PictureLoading {
  /**
   * Milliseconds for all of them. The browser may need as long again, for a picture that its cache
   * does not keep.
   */
  readonly timeoutMs: number
  /** Called when some did not come in time. */
  readonly late?: (error: unknown) => void
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>
}

/**
 * Loads the pictures of a notification before the browser does. What it is shown with cannot be
 * called back: while a picture hangs the notification waits, Chromium for six seconds (156) and
 * Firefox for minutes (153), and then it is shown whatever has become of the message meanwhile.
 *
 * Of a picture of another origin the beginning alone is waited for: the rest cannot be read.
 *
 * @returns The notification without those that did not come in time. One that fails at once stays:
 * the browser does not wait for it either, or may load what a worker may not (`connect-src` of a
 * content security policy).
 */
export async function loadPictures(
  scope: Pick<WorkerScope, 'Notification'>,
  descriptor: NotificationDescriptor,
  { timeoutMs, late, fetch = globalThis.fetch }: PictureLoading,
): Promise<NotificationDescriptor> {
  const isRequested = (url: unknown) => typeof url === 'string' && !/^data:/i.test(url)
  const missing = new Set(pictures(descriptor, scope).filter(isRequested)) as Set<string>
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
    late?.(error)
    const without = withoutPictures(descriptor, (url) => missing.has(url as string))
    controller.abort()
    return without
  }
}

/** The addresses of what the browser loads before it shows a notification. */
export function pictures(
  { icon, image, badge, actions }: NotificationDescriptor,
  { Notification }: Pick<WorkerScope, 'Notification'> = {},
): unknown[] {
  const known = Notification?.prototype
  // Neither Firefox nor Safari knows these two.
  const isKnown = (name: string) => !known || name in known
  const buttons = Array.isArray(actions) ? actions : []
  const more = [isKnown('image') && image, isKnown('badge') && badge]
  return [icon, ...more, ...buttons.map((it) => it?.icon)].filter(Boolean)
}

/** Describes the same notification without some of its pictures. */
export function withoutPictures(
  descriptor: NotificationDescriptor,
  isOut: (url: unknown) => boolean,
): NotificationDescriptor {
  const isIn = ([name, value]: [string, unknown]) =>
    !['icon', 'image', 'badge'].includes(name) || !isOut(value)
  const keep = <Item extends object>(item: Item) =>
    Object.fromEntries(Object.entries(item ?? {}).filter(isIn)) as Item
  const { actions } = descriptor
  return { ...keep(descriptor), ...(Array.isArray(actions) && { actions: actions.map(keep) }) }
}
