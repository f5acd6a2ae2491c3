/**
 * How a notification left the screen: the user `clicked` or `dismissed` it, the browser `closed` it
 * (also Firefox's way of replacing one of the same tag, which it then shows as a new one), or a newer
 * one took its place under the same id (`replaced`, Chromium's way).
 */
export type DesktopNotificationEnd = 'clicked' | 'dismissed' | 'closed' | 'replaced'

/** A button as the desktop shows it. */
export interface DesktopAction {
  /**
   * The page's own action id in Firefox. Chromium keeps it to itself: there it is the button's place
   * among the page's actions, `'0'` or `'1'`.
   */
  readonly action: string
  readonly title: string
  /** What goes over the bus when it is clicked. */
  readonly key: string
}

/** One notification as the browser asked the desktop to show it, the engines' differences undone. */
export interface DesktopNotification {
  /** The desktop's number for it. Chromium shows a replacement under the number of the replaced one. */
  readonly id: number
  readonly appName: string
  readonly title: string
  /** The text as the page gave it: without escapes and without the origin that Chromium puts first. */
  readonly body: string
  /** The body as it came over the bus. */
  readonly rawBody: string
  /** Whose it is as Chromium words it (`localhost:8080`); Firefox does not tell. */
  readonly origin?: string
  readonly icon?: DesktopIcon
  /** The page's actions, in order; the browser's own buttons (settings, close) left out. */
  readonly actions: readonly DesktopAction[]
  /** Whether one of the actions takes a text ({@link Desktop.reply}). */
  readonly canReply: boolean
  readonly silent: boolean
  readonly requireInteraction: boolean
  /** Whether it stays on the screen after a click (the hint `resident`). */
  readonly resident: boolean
  /** The number of the notification that it was to replace, when there was one. */
  readonly replacesId?: number
  /** When it was shown, in milliseconds since the epoch. */
  readonly shownAt: number
  /** How it ended; `undefined` while it is on the screen. */
  readonly ended: DesktopNotificationEnd | undefined
}

/** A picture: a file that the browser wrote (Chromium), or pixels (Firefox). */
export type DesktopIcon =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'pixels'; readonly width: number; readonly height: number }
