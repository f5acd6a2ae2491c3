import { chooseWindow } from './choose-window.ts'
import type { WorkerScope } from './worker-scope.ts'

/**
 * Brings the user to a URL from a click. Must be called within the click's activation window:
 * one second in Firefox, ten in Chromium.
 */
export async function openUrl({ clients, registration }: WorkerScope, url: string): Promise<void> {
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
  const choice = chooseWindow(candidates, url, registration.scope)
  if (choice.do !== 'open') {
    try {
      // Focus comes first: it spends the activation, and some platforms replace the client on
      // navigation.
      const window = await choice.window.client.focus()
      if (choice.do === 'navigate') await window.navigate(url)
      return
    } catch {
      // The window may be closing, or know no navigate (Safari before 16).
    }
  }
  await clients.openWindow(url)
}
