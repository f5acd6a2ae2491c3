/** A notification as the user sees it. */
export interface SeenNotification {
  readonly title: string
  readonly body: string
  /** The labels of its buttons. */
  readonly buttons: readonly string[]
}

/** How many windows of the app there are. */
export interface AppWindows {
  /** At the path in question. */
  readonly there: number
  readonly all: number
}

/**
 * A place that our own worker runs in, as `test/browser/fixtures/sw.js` sets it up: a browser with a
 * push service and a desktop, or the harness. What takes its time there is waited for.
 */
export interface OwnWorkerHost {
  /** Sends a push, and gives all that is shown for it. */
  push(payload?: string | Uint8Array): Promise<readonly SeenNotification[]>
  /** Clicks the notification that has the title, or its button. */
  click(title: string, button?: string): Promise<void>
  dismiss(title: string): Promise<void>
  /** Resolves once the notification is off the screen, and off the browser's own list. */
  isGone(title: string): Promise<void>
  /** Opens a window of the app, and focuses it. */
  openWindow(path: string): Promise<void>
  /** Opens something that is not the app's, and focuses that. */
  leaveApp(): Promise<void>
  /** Closes every window of the app. */
  closeWindows(): Promise<void>
  /** Resolves once a window at the path has the focus. */
  arrivesAt(path: string): Promise<AppWindows>
  /** The windows there are now. */
  windowsAt(path: string): Promise<AppWindows>
}
