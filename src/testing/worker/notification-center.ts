import type { ShownNotificationContent } from './notification-content.ts'

/**
 * How a notification left the screen: the worker `closed` it, one of the same tag `replaced` it, or
 * its user `dismissed` it.
 */
export type ShownNotificationEnd = 'closed' | 'replaced' | 'dismissed'

/** A notification that was shown. */
export interface ShownNotification extends ShownNotificationContent {
  /**
   * Who showed it: the `worker`, the `browser` in the place of a silent push, or the browser for a
   * `declarative` message.
   */
  readonly source: 'worker' | 'browser' | 'declarative'
  /** How it ended; `undefined` while it is on the screen. */
  readonly ended: ShownNotificationEnd | undefined
}

/** What is on the screen, and what was. */
export interface NotificationCenter {
  /** On the screen now, in the order shown. Browsers list them in orders of their own. */
  readonly onScreen: readonly ShownNotification[]
  /** Every one ever shown, in that order. */
  readonly history: readonly ShownNotification[]
  /** Shows a notification, in the place of the one that has its tag. */
  show(content: ShownNotificationContent, source: ShownNotification['source']): ShownNotification
  /** Takes one off the screen; one that is not there is left alone. */
  end(notification: ShownNotification, how: ShownNotificationEnd): void
}

/** Makes an empty screen; `ended` is called after each notification that leaves it. */
export function createNotificationCenter(
  ended: (notification: ShownNotification, how: ShownNotificationEnd) => void,
): NotificationCenter {
  const history: (ShownNotification & { ended: ShownNotificationEnd | undefined })[] = []
  const onScreen = () => history.filter((notification) => !notification.ended)
  const end: NotificationCenter['end'] = (notification, how) => {
    const found = onScreen().find((other) => other === notification)
    if (!found) return
    found.ended = how
    ended(found, how)
  }
  return {
    get onScreen() {
      return onScreen()
    },
    get history() {
      return [...history]
    },
    show(content, source) {
      const { tag } = content
      const replaced = tag === '' ? undefined : onScreen().find((other) => other.tag === tag)
      const shown = { ...content, source, ended: undefined }
      if (replaced) end(replaced, 'replaced')
      history.push(shown)
      return shown
    },
    end,
  }
}
