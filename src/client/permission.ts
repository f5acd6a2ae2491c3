import type { PagePlatform } from './page-platform.ts'

/**
 * Asks the user, at once: nothing may be awaited before this is called in a click, or Safari and
 * Firefox refuse. Somebody who has answered before is not asked again: without a fresh click,
 * WebKit says `denied` to the question even when permission is granted.
 */
export function askPermission({ notification }: PagePlatform): Promise<NotificationPermission> {
  const held = notification?.permission ?? 'denied'
  if (held !== 'default') return Promise.resolve(held)
  return new Promise((resolve, reject) => {
    // Safari before 15 calls back; where both come, they say the same.
    notification?.requestPermission(resolve)?.then(resolve, reject)
  })
}
