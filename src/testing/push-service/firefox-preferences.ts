/**
 * Gives the preferences that make Firefox use a local push service, for its `user.js`.
 *
 * They do not grant notifications: for that, add `permissions.default.desktop-notification` = 1, or
 * let the test answer the prompt.
 *
 * @param webSocketUrl - Where the service speaks autopush.
 */
export function firefoxPushPreferences(
  webSocketUrl: string,
): Record<string, string | number | boolean> {
  return {
    'dom.push.serverURL': webSocketUrl,
    'dom.push.testing.allowInsecureServerURL': true,
    // Remote control turns it off unless it is set.
    'dom.push.connection.enabled': true,
    // Milliseconds, doubled with each attempt; 5000 unless set.
    'dom.push.retryBaseInterval': 100,
  }
}
