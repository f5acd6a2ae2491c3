import { chooseWindow, type WindowMatch } from '../choose-window.ts'
import { clickUrl } from '../click-url.ts'
import { readClickRecord } from '../notification.ts'
import type { WorkerEvents, WorkerScope } from '../worker-scope.ts'
import type { BasicContext } from './basic-context.ts'

/** Follows a click on one of our notifications; one that another script showed is left to it. */
export async function followClick(
  { action, notification }: WorkerEvents['notificationclick'],
  { scope, home, options, allowedOrigins }: BasicContext,
): Promise<void> {
  const record = readClickRecord(notification.data)
  if (!record) return
  notification.close()
  const { navigate, actions = {}, match = options.match } = record
  const target = Object.hasOwn(actions, action) ? actions[action] : navigate
  if (target !== null) await bringTo(scope, clickUrl(target, home, allowedOrigins), home, match)
}

/** Focuses, navigates or opens a window: as `openUrl`, but that no page is asked to go there itself. */
async function bringTo(
  { clients }: WorkerScope,
  url: string,
  home: string,
  match: WindowMatch | undefined,
): Promise<unknown> {
  const all = await clients.matchAll({ type: 'window', includeUncontrolled: true })
  const controlled = await clients.matchAll({ type: 'window' })
  const candidates = all
    .filter(({ frameType }) => frameType !== 'nested')
    .map((client) => ({
      client,
      url: client.url,
      focused: client.focused,
      controlled: controlled.some(({ id }) => id === client.id),
    }))
  const choice = chooseWindow(candidates, url, home, match)
  if (choice.do !== 'open') {
    try {
      // Focus comes first: it spends the activation, and some platforms replace the client on
      // navigation.
      const window = await choice.window.client.focus()
      return choice.do === 'navigate' ? await window.navigate(url) : window
    } catch {
      // The window may be closing, or be controlled no more.
    }
  }
  return clients.openWindow(url)
}
