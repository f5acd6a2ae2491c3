/** What decides between windows: a part of `WindowClient`, and whether this worker controls it. */
export interface WindowCandidate {
  readonly url: string
  readonly focused: boolean
  readonly controlled: boolean
}

/** What to do with which window. */
export type WindowChoice<Window> =
  | { readonly do: 'focus'; readonly window: Window }
  | { readonly do: 'navigate'; readonly window: Window }
  | { readonly do: 'open' }

/**
 * Chooses the window for a click: one that is at the URL already is focused; else one of this app
 * is focused and navigated; else a new one is opened. Of several, the focused one goes first, then
 * the order of `matchAll`, which is that of the last focus.
 *
 * Only a controlled window can be navigated (Service Workers §4.2.8, `navigate` step 4), so an
 * uncontrolled one at another URL is left alone.
 */
export function chooseWindow<Window extends WindowCandidate>(
  windows: readonly Window[],
  url: string,
  scope: string,
): WindowChoice<Window> {
  const inOrder = windows.toSorted((a, b) => Number(b.focused) - Number(a.focused))
  const there = inOrder.find((window) => window.url === url)
  if (there) return { do: 'focus', window: there }
  const ours = inOrder.find((window) => window.controlled && window.url.startsWith(scope))
  return ours && url.startsWith(scope) ? { do: 'navigate', window: ours } : { do: 'open' }
}
