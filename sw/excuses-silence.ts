import type { WorkerScope } from './worker-scope.ts'

/**
 * Tells whether a push may show nothing while something of the app's is visible, and whether tags
 * replace: in Chromium and Firefox. WebKit excuses nothing, and ends the subscription.
 */
export function excusesSilence({ navigator }: WorkerScope): boolean {
  // On iOS these two call themselves CriOS and FxiOS, and are WebKit.
  return /(Chrome|Firefox)\//.test(navigator.userAgent)
}
