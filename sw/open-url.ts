import { chooseWindow } from './choose-window.ts'
import type { WorkerContext } from './worker-context.ts'
import type { WorkerWindow } from './worker-scope.ts'

/**
 * Brings the user to a URL from a click. Must be called within the click's activation window:
 * one second in Firefox, ten in Chromium.
 *
 * @returns The window that is there now; `null` when it is on another origin, or the browser does
 * not tell.
 */
export async function openUrl(
  { home, scope: { clients } }: WorkerContext,
  url: string,
): Promise<WorkerWindow | null> {
  const [all, controlled] = await Promise.all([
    clients.matchAll({ type: 'window', includeUncontrolled: true }),
    clients.matchAll({ type: 'window' }),
  ])
  const ids = new Set(controlled.map((client) => client.id))
  const candidates = all
    .filter((client) => client.frameType !== 'nested')
    .map((client) => ({
      client,
      url: client.url,
      focused: client.focused,
      controlled: ids.has(client.id),
    }))
  const choice = chooseWindow(candidates, url, home)
  if (choice.do !== 'open') {
    try {
      // Focus comes first: it spends the activation, and some platforms replace the client on
      // navigation.
      const window = await choice.window.client.focus()
      return choice.do === 'navigate' ? await window.navigate(url) : window
    } catch {
      // The window may be closing, or know no navigate (Safari before 16).
    }
  }
  return clients.openWindow(url)
}
