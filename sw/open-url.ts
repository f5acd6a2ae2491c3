import type { StoredClick } from '../src/shared/stored-click.ts'
import { askPage } from './ask-page.ts'
import { chooseWindow, type WindowMatch } from './choose-window.ts'
import type { WorkerContext } from './worker-context.ts'
import type { WorkerWindow } from './worker-scope.ts'

/** Milliseconds that a page has to say whether it goes there itself. */
const answerMs = 300

/** How {@link openUrl} goes about it. */
export interface OpenUrlOptions {
  /** @default the worker's option, `exact` */
  readonly match?: WindowMatch | undefined
  /** What a page is told that can go there by itself; without it, no page is asked. */
  readonly click?: StoredClick
}

/**
 * Brings the user to a URL from a click. Must be called within the click's activation window:
 * one second in Firefox, ten in Chromium.
 *
 * @returns The window that is there now; `null` when it is on another origin, or the browser does
 * not tell.
 */
export async function openUrl(
  { home, options, scope: { clients } }: WorkerContext,
  url: string,
  { match = options.match, click }: OpenUrlOptions = {},
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
  const choice = chooseWindow(candidates, url, home, match)
  let window: WorkerWindow | undefined
  if (choice.do !== 'open') {
    try {
      // Focus comes first: it spends the activation, and some platforms replace the client on
      // navigation.
      window = await choice.window.client.focus()
      // Asked also when it is there: the browser tells where a page was loaded, not where its router
      // has led it since.
      const question = { pushwell: 1, scope: home, kind: 'navigate', url } as const
      const isTaken =
        click !== undefined &&
        (await askPage(window, { ...question, click }, answerMs).catch(() => false))
      return choice.do === 'navigate' && !isTaken ? await window.navigate(url) : window
    } catch {
      // The window may be closing, or be controlled no more.
    }
  }
  return clients.openWindow(url).catch((error: unknown) => {
    // The right to open one may have gone into the focus: that window is told of the click.
    if (window) return window
    throw error
  })
}
