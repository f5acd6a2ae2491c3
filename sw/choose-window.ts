/** What decides between windows: a part of `WindowClient`, and whether this worker controls it. */
export interface WindowCandidate {
  readonly url: string
  readonly focused: boolean
  readonly controlled: boolean
}

/**
 * Which window counts as being where a click leads: one at that very URL (`exact`), one at its path,
 * whatever its query and its hash (`path`), or any one of the app (`app`).
 */
export type WindowMatch = 'exact' | 'path' | 'app'

/** What to do with which window. */
export type WindowChoice<Window> =
  | { readonly do: 'focus'; readonly window: Window }
  | { readonly do: 'navigate'; readonly window: Window }
  | { readonly do: 'open' }

/**
 * Chooses the window for a click: one that is there already is focused; else one of this app is
 * focused and navigated; else a new one is opened. Of several, the one at the very URL goes first,
 * then one at its path, then the focused one, then the order of `matchAll`, which is that of the last
 * focus.
 *
 * Only a controlled window can be navigated (Service Workers §4.2.8, `navigate` step 4), so an
 * uncontrolled one at another URL is left alone, unless it need not be navigated.
 */
export function chooseWindow<Window extends WindowCandidate>(
  windows: readonly Window[],
  url: string,
  scope: string,
  match: WindowMatch = 'exact',
): WindowChoice<Window> {
  const inOrder = windows.toSorted((a, b) => Number(b.focused) - Number(a.focused))
  const isApp = (other: string) => other.startsWith(scope)
  const there =
    inOrder.find((window) => window.url === url) ??
    (match === 'exact'
      ? undefined
      : inOrder.find((window) => withoutQuery(window.url) === withoutQuery(url)))
  if (there) return { do: 'focus', window: there }
  const may = (window: Window) => window.controlled || match === 'app'
  const ours = isApp(url) && inOrder.find((window) => may(window) && isApp(window.url))
  if (!ours) return { do: 'open' }
  return { do: match === 'app' ? 'focus' : 'navigate', window: ours }
}

function withoutQuery(url: string): string {
  return url.replace(/[?#].*/, '')
}
