import type { BusConnection, BusMember } from './bus-connection.ts'

/** What the desktop does when a client of the bus calls it. */
export interface NotificationHandlers {
  capabilities: readonly string[]
  /** Shows a notification and gives its number. */
  notify(args: readonly unknown[]): number
  /** Takes a notification away; `false` when it is not on screen. */
  closeNotification(id: number): boolean
}

/** The signals of `org.freedesktop.Notifications`, ready to send. */
export interface NotificationSignals {
  activationToken(id: number, token: string): void
  actionInvoked(id: number, key: string): void
  notificationReplied(id: number, text: string): void
  notificationClosed(id: number, reason: number): void
}

/** Why a notification closed (Desktop Notifications Specification, `NotificationClosed`). */
export const closeReasons = { expired: 1, dismissed: 2, closed: 3 } as const

const name = 'org.freedesktop.Notifications'

/** A member of the notification interface. */
export function notificationMember(member: string): BusMember {
  return { path: '/org/freedesktop/Notifications', interface: name, member }
}

/**
 * Serves `org.freedesktop.Notifications` on a bus
 * (https://specifications.freedesktop.org/notification-spec/1.2/).
 */
export async function serveNotifications(
  bus: BusConnection,
  handlers: NotificationHandlers,
): Promise<NotificationSignals> {
  const send =
    (member: string, signature: string) =>
    (id: number, value: string | number): void =>
      bus.signal(notificationMember(member), signature, [id, value])
  const signals: NotificationSignals = {
    activationToken: send('ActivationToken', 'us'),
    actionInvoked: send('ActionInvoked', 'us'),
    notificationReplied: send('NotificationReplied', 'us'),
    notificationClosed: send('NotificationClosed', 'uu'),
  }
  const answer = (
    member: string,
    signature: string,
    reply: (args: readonly unknown[]) => unknown,
  ): void => bus.onCall(notificationMember(member), signature, reply)
  answer('GetCapabilities', 'as', () => [...handlers.capabilities])
  answer('GetServerInformation', 'ssss', () => ['pushwell', 'pushwell', '1', '1.2'])
  answer('Notify', 'u', (args) => handlers.notify(args))
  answer('CloseNotification', '', ([id]) => {
    // Some clients close what the user has closed already: the specification wants an empty error.
    if (!handlers.closeNotification(Number(id))) throw new Error('')
    signals.notificationClosed(Number(id), closeReasons.closed)
  })
  // Last: whoever sees the name may call at once.
  await bus.ownName(name)
  return signals
}
