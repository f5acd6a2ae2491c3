/**
 * The hosts of the browsers' own push services, for the strict `endpoints` policy of a sender and of
 * a subscription handler: what a browser never hands out is then never sent to.
 *
 * @example
 * createPushSender({ vapid, endpoints: { hosts: pushServiceHosts } })
 */
export const pushServiceHosts: readonly string[] = [
  // Chrome, Edge on Android, Opera, Samsung Internet; and Chromium built without Google's keys.
  'fcm.googleapis.com',
  'jmt17.google.com',
  // Firefox.
  'updates.push.services.mozilla.com',
  // Safari.
  '*.push.apple.com',
  // Edge on Windows.
  '*.notify.windows.com',
]
