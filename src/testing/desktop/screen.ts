import { PushwellError, rangeError } from '../../shared/errors.ts'
import type { DesktopNotification, DesktopNotificationEnd } from './desktop-notification.ts'
import type { NotificationContent } from './notify-call.ts'

/** What is on the desktop's screen, and what ever was. */
export interface Screen {
  /** On screen now, in the order shown. */
  readonly notifications: readonly DesktopNotification[]
  /** Every one ever shown, in that order. */
  readonly history: readonly DesktopNotification[]
  /** Shows a notification; the one on screen under `replacesId` ends as `replaced`. */
  show(content: NotificationContent, replacesId: number): DesktopNotification
  /** Takes a notification off the screen; gives `false` when it was not there. */
  end(id: number, how: DesktopNotificationEnd): boolean
  /** Throws a `RangeError` that names the caller's method unless it is on screen. */
  requireOnScreen(notification: DesktopNotification, method: string): void
  /** Resolves to the first notification of the history that the check accepts, now or later. */
  waitFor(
    check: (notification: DesktopNotification) => boolean,
    options: ScreenWaitOptions,
  ): Promise<DesktopNotification>
  /** Ends every wait with an error. */
  close(): void
}

/** What a wait is for, and where it begins and ends. */
export interface ScreenWaitOptions {
  /** What is waited for, as the sentence "No notification … within N ms" says it. */
  what: string
  /** Milliseconds. */
  timeoutMs: number
  /**
   * Where in the history to begin.
   *
   * @default 0
   */
  from?: number
}

type Entry = { -readonly [Key in keyof DesktopNotification]: DesktopNotification[Key] }

/** Makes an empty screen. `now` gives milliseconds since the epoch. */
export function createScreen(now: () => number): Screen {
  const history: Entry[] = []
  const onScreen: Entry[] = []
  const waits = createWaits(history)
  let lastId = 0
  const end: Screen['end'] = (id, how) => {
    const index = onScreen.findIndex((entry) => entry.id === id)
    const [entry] = index === -1 ? [] : onScreen.splice(index, 1)
    if (!entry) return false
    entry.ended = how
    waits.look()
    return true
  }
  return {
    // Copies: a list that changes while a caller walks it is a trap.
    get notifications() {
      return [...onScreen]
    },
    get history() {
      return [...history]
    },
    show(content, replacesId) {
      // A browser may name one that the user has closed meanwhile: the number stays its own.
      const id = replacesId || ++lastId
      lastId = Math.max(lastId, id)
      end(id, 'replaced')
      const replaces = replacesId ? { replacesId } : {}
      const entry: Entry = { ...content, id, ...replaces, shownAt: now(), ended: undefined }
      history.push(entry)
      onScreen.push(entry)
      // Whoever waits may click at once, and Chromium drops a click on a number that it has not been
      // answered yet.
      setImmediate(() => waits.look())
      return entry
    },
    end,
    requireOnScreen(notification, method) {
      if (onScreen.some((entry) => entry === notification)) return
      const fate = notification.ended ? `was ${notification.ended}` : 'is not known here'
      throw rangeError(
        'invalid-argument',
        `notification given to ${method} must be on the screen of this desktop; it ${fate}.`,
      )
    },
    waitFor: waits.add,
    close: () => waits.close(),
  }
}

interface Waits {
  add: Screen['waitFor']
  /** Looks whether something that is waited for has come. */
  look(): void
  close(): void
}

interface Wait {
  look(): void
  fail(error: Error): void
}

function createWaits(history: readonly DesktopNotification[]): Waits {
  const waits = new Set<Wait>()
  let closed = false
  const add: Waits['add'] = (check, { what, timeoutMs, from = 0 }) =>
    new Promise((resolve, reject) => {
      const settle = (act: () => void): void => {
        clearTimeout(timer)
        waits.delete(wait)
        act()
      }
      const wait: Wait = {
        fail: (error) => settle(() => reject(error)),
        look() {
          try {
            const found = history.slice(from).find(check)
            if (found) settle(() => resolve(found))
          } catch (error) {
            settle(() => reject(error))
          }
        },
      }
      const late = (): void => wait.fail(nothingCame(what, timeoutMs, history))
      const timer = setTimeout(late, timeoutMs)
      waits.add(wait)
      if (closed) wait.fail(desktopClosed())
      else wait.look()
    })
  return {
    add,
    look: () => waits.forEach((wait) => wait.look()),
    close() {
      closed = true
      for (const wait of waits) wait.fail(desktopClosed())
    },
  }
}

function nothingCame(
  what: string,
  timeoutMs: number,
  history: readonly DesktopNotification[],
): PushwellError {
  const onScreen = history.filter(({ ended }) => ended === undefined).length
  return new PushwellError(
    'timeout',
    `No notification ${what} within ${timeoutMs} ms (${history.length} ever shown, ${onScreen} on screen). Look at desktop.history.`,
  )
}

function desktopClosed(): PushwellError {
  return new PushwellError('desktop-unavailable', 'This desktop was closed: start another one.')
}
