/**
 * Takes everybody else's notifications off the screen: those of messages with another `recipient`
 * than the one who is signed in now.
 */
export async function closePrivateNotifications(
  registration: ServiceWorkerRegistration | undefined,
  recipient: string | null,
): Promise<void> {
  for (const notification of (await registration?.getNotifications()) ?? []) {
    const data = notification.data as { pushwell?: { recipient?: string } } | null
    const whose = data?.pushwell?.recipient
    if (whose !== undefined && whose !== recipient) notification.close()
  }
}
