import { rangeError } from '../../shared/errors.ts'
import { connectToBus } from './bus-connection.ts'
import type { DesktopNotification, DesktopNotificationEnd } from './desktop-notification.ts'
import { startMessageBus } from './message-bus.ts'
import type { MessageBus } from './message-bus.ts'
import { closeReasons, serveNotifications } from './notification-service.ts'
import type { NotificationSignals } from './notification-service.ts'
import { readNotification, readNotifyCall } from './notify-call.ts'
import { createScreen } from './screen.ts'
import type { Screen } from './screen.ts'

/** How {@link startDesktop} makes a desktop. All of it has defaults. */
export interface DesktopOptions {
  /**
   * What the desktop says it can do. Firefox needs `actions`, Chromium `actions` and `body`.
   *
   * @default ['actions', 'body', 'body-markup', 'inline-reply', 'persistence', 'x-kde-origin-name']
   */
  capabilities?: readonly string[]
  /**
   * Gives milliseconds since the epoch.
   *
   * @default Date.now
   */
  now?: () => number
}

/** How long a wait for the desktop may last. */
export interface DesktopWaitOptions {
  /**
   * How long to wait, in milliseconds.
   *
   * @default 10_000
   */
  timeoutMs?: number
}

/** Where {@link Desktop.waitFor} begins, and for how long it waits. */
export interface DesktopWaitForOptions extends DesktopWaitOptions {
  /** Looks only at what was shown after this one. */
  after?: DesktopNotification
}

/**
 * A desktop with nobody at it: browsers show their notifications on it, and the program is its user.
 *
 * Close the browsers first: a browser that loses its session bus may end with it.
 */
export interface Desktop extends AsyncDisposable {
  /** The value for `DBUS_SESSION_BUS_ADDRESS`. */
  readonly address: string
  /** On the screen now, in the order shown. */
  readonly notifications: readonly DesktopNotification[]
  /** Every one ever shown, in that order. */
  readonly history: readonly DesktopNotification[]
  /**
   * Clicks the notification, or one of its buttons. As on real desktops a click also takes it off the
   * screen (unless it is `resident`), so that the worker gets `notificationclick`, and then, as far as
   * the browser reports it, `notificationclose`.
   *
   * @param action - A button's `action` or else its `title`, which is the same in every browser.
   * @throws RangeError When the notification is not on screen or has no such button.
   */
  click(notification: DesktopNotification, action?: string): void
  /**
   * Sends a text to the notification's reply field, which Chromium alone offers. The worker gets it
   * as `event.reply`, with an empty `event.action`.
   *
   * @throws RangeError When it is not on screen or takes no text.
   */
  reply(notification: DesktopNotification, text: string): void
  /**
   * Takes the notification off the screen as its user does.
   *
   * @throws RangeError When it is not on screen.
   */
  dismiss(notification: DesktopNotification): void
  /**
   * Resolves to the first notification that the predicate accepts. Those already shown count, also
   * when they are gone: leave them out with `after`, or by their `ended`.
   *
   * @throws {@link PushwellError} `timeout`
   */
  waitFor(
    predicate: (notification: DesktopNotification) => boolean,
    options?: DesktopWaitForOptions,
  ): Promise<DesktopNotification>
  /**
   * Resolves to how the notification ended, at once when it has.
   *
   * @throws {@link PushwellError} `timeout`
   */
  waitForClose(
    notification: DesktopNotification,
    options?: DesktopWaitOptions,
  ): Promise<DesktopNotificationEnd>
  /** Ends the desktop: no process and no file stays, and whoever waits is told. */
  close(): Promise<void>
}

const defaultTimeoutMs = 10_000

const defaultCapabilities = [
  'actions',
  'body',
  'body-markup',
  'inline-reply',
  'persistence',
  'x-kde-origin-name',
]

/**
 * Starts a private D-Bus session with a notification daemon on it. Give its `address` to a browser
 * as `DBUS_SESSION_BUS_ADDRESS`, and the browser's notifications appear here, headless or not.
 *
 * The browser's main thread waits for the answer to each notification: do not block this process.
 *
 * @throws {@link PushwellError} `desktop-unavailable` when this is not Linux, or when `dbus-daemon`
 * or the package `@homebridge/dbus-native` is not installed.
 */
export async function startDesktop(options: DesktopOptions = {}): Promise<Desktop> {
  const { capabilities = defaultCapabilities, now = Date.now } = options
  const bus = await startMessageBus()
  const screen = createScreen(now)
  try {
    const connection = await connectToBus(bus.socket)
    const signals = await serveNotifications(connection, {
      capabilities,
      notify(args) {
        const call = readNotifyCall(args)
        return screen.show(readNotification(call, capabilities), call.replacesId).id
      },
      closeNotification: (id) => screen.end(id, 'closed'),
    })
    let closing: Promise<void> | undefined
    const close = (): Promise<void> => {
      screen.close()
      closing ??= connection.close().then(() => bus.close())
      return closing
    }
    return createDesktop(bus, screen, signals, close)
  } catch (error) {
    await bus.close()
    throw error
  }
}

function createDesktop(
  { address }: MessageBus,
  screen: Screen,
  signals: NotificationSignals,
  close: () => Promise<void>,
): Desktop {
  // The order matters: Firefox forgets a notification at NotificationClosed, and its click with it.
  const leave = ({ id, resident }: DesktopNotification): void => {
    if (resident) return
    signals.notificationClosed(id, closeReasons.dismissed)
    screen.end(id, 'clicked')
  }
  return {
    address,
    get notifications() {
      return screen.notifications
    },
    get history() {
      return screen.history
    },
    click(notification, action) {
      screen.requireOnScreen(notification, 'click')
      const key = action === undefined ? 'default' : findKey(notification, action)
      signals.activationToken(notification.id, `pushwell-${notification.id}`)
      signals.actionInvoked(notification.id, key)
      leave(notification)
    },
    reply(notification, text) {
      screen.requireOnScreen(notification, 'reply')
      if (!notification.canReply) {
        throw rangeError('invalid-argument', 'notification given to reply must have a text field.')
      }
      signals.notificationReplied(notification.id, text)
      leave(notification)
    },
    dismiss(notification) {
      screen.requireOnScreen(notification, 'dismiss')
      signals.notificationClosed(notification.id, closeReasons.dismissed)
      screen.end(notification.id, 'dismissed')
    },
    waitFor(predicate, { timeoutMs = defaultTimeoutMs, after } = {}) {
      const from = after ? screen.history.indexOf(after) + 1 : 0
      return screen.waitFor(predicate, { what: 'was shown', timeoutMs, from })
    },
    async waitForClose(notification, { timeoutMs = defaultTimeoutMs } = {}) {
      const gone = (entry: DesktopNotification): boolean =>
        entry === notification && entry.ended !== undefined
      const { ended } = await screen.waitFor(gone, { what: 'was closed', timeoutMs })
      return ended ?? 'closed'
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

function findKey({ actions }: DesktopNotification, wanted: string): string {
  const found =
    actions.find(({ action }) => action === wanted) ?? actions.find(({ title }) => title === wanted)
  if (found) return found.key
  throw rangeError(
    'invalid-argument',
    `action must be the id or the title of one of the notification's ${actions.length} buttons.`,
  )
}
