import { connectToBus } from '../../../src/testing/desktop/bus-connection.ts'
import type { BusConnection } from '../../../src/testing/desktop/bus-connection.ts'
import type { Desktop, DesktopNotification } from '../../../src/testing/desktop/index.ts'
import { notificationMember } from '../../../src/testing/desktop/notification-service.ts'

type Variant = readonly [signature: string, value: unknown]

/** A program that shows notifications on a desktop, as a browser does. */
export interface DesktopClient {
  readonly bus: BusConnection
  call(member: string, signature: string, ...args: unknown[]): Promise<unknown>
  /** Shows a notification, and gives its number. */
  notify(options: {
    app?: string
    replaces?: number
    title?: string
    body?: string
    actions?: string[]
    hints?: Record<string, Variant>
    timeout?: number
  }): Promise<number>
  /**
   * Takes the signals that came, in order, each as its name and its arguments. Signals and answers
   * come in the order sent, so an answer proves that they are all here.
   */
  signalsSoFar(): Promise<unknown[][]>
}

const service = 'org.freedesktop.Notifications'

/** The buttons Track and B, as Firefox sends them. */
export const firefoxActions = ['default', 'Activate', 'track-moz', 'Track', 'b-moz-moz', 'B']

/** The same, as Chromium sends them. */
export const chromiumActions = [
  '0',
  'Track',
  '1',
  'B',
  'default',
  'Activate',
  'settings',
  'Settings',
]

/** Connects to the desktop's bus. */
export async function connectClient(desktop: Desktop): Promise<DesktopClient> {
  const bus = await connectToBus(desktop.address.replace('unix:path=', ''))
  const signals: unknown[][] = []
  for (const name of ['ActionInvoked', 'NotificationClosed', 'NotificationReplied']) {
    await bus.onSignal(notificationMember(name), (args) => signals.push([name, ...args]))
  }
  const call: DesktopClient['call'] = async (member, signature, ...args) => {
    const [answer] = await bus.call(service, notificationMember(member), signature, args)
    return answer
  }
  return {
    bus,
    call,
    async notify({ app = 'Firefox', replaces = 0, title = 'Title', body = '', ...rest }) {
      const { actions = ['default', 'Activate'], hints = {}, timeout = -1 } = rest
      const args = [app, replaces, '', title, body, actions, Object.entries(hints), timeout]
      return Number(await call('Notify', 'susssasa{sv}i', ...args))
    },
    async signalsSoFar() {
      await call('GetCapabilities', '')
      return signals.splice(0)
    },
  }
}

/** The notification that came last of those on the screen. */
export function lastShown(desktop: Desktop): DesktopNotification {
  const last = desktop.notifications.at(-1)
  if (!last) throw new Error('Nothing is on the screen.')
  return last
}
