import type { PagePlatform } from './page-platform.ts'

/** Why a browser cannot do Web Push. */
export type UnsupportedReason =
  | 'insecure-context'
  | 'no-service-worker'
  | 'no-push-manager'
  | 'no-notifications'

/** What the user can do about a state that stops them: a key to look a sentence up by. */
export type Remedy =
  | 'use-https'
  | 'use-another-browser'
  | 'install-app'
  | 'unblock-notifications'
  | 'ask-again-later'

/**
 * Where Web Push stands in this browser. A snapshot keeps its identity until something changes.
 *
 * - `loading`: `prepare()` has not come to an end yet.
 * - `unsupported`: not in this browser, or not on this page.
 * - `install-required`: on iOS and iPadOS, only once the app is on the Home Screen.
 * - `blocked`: the user, or the browser for them, refused; only browser settings can change it.
 * - `prompt`: the user has not been asked, or has not answered.
 * - `unsubscribed`: permission is granted, pushes are off.
 * - `subscribed`: the browser holds a subscription. `sync` says whether the backend knows it:
 *   `pending` until it has acknowledged, with the reason in `error`; `off` without a backend.
 */
export type PushState =
  | { readonly status: 'loading' }
  | {
      readonly status: 'unsupported'
      readonly reason: UnsupportedReason
      readonly remedy: Remedy
    }
  | { readonly status: 'install-required'; readonly remedy: Remedy }
  | { readonly status: 'blocked'; readonly remedy: Remedy }
  | { readonly status: 'prompt' }
  | { readonly status: 'unsubscribed' }
  | {
      readonly status: 'subscribed'
      readonly sync: 'synced' | 'pending' | 'off'
      readonly error?: Error
    }

/** The states that no call of ours can lead out of. */
export type StoppedState = Extract<
  PushState,
  { status: 'unsupported' | 'install-required' | 'blocked' }
>

/** Tells what stops the user in this browser; `null` when nothing does. */
export function stoppedState(platform: PagePlatform): StoppedState | null {
  const unsupported = (reason: UnsupportedReason, remedy: Remedy): StoppedState => ({
    status: 'unsupported',
    reason,
    remedy,
  })
  const { isSecureContext, serviceWorker, hasPushManager, notification, standalone } = platform
  if (!isSecureContext) return unsupported('insecure-context', 'use-https')
  // In a tab, iOS lacks PushManager, and Notification in most of its versions.
  if (!hasPushManager && standalone === false) {
    return { status: 'install-required', remedy: 'install-app' }
  }
  if (!serviceWorker) return unsupported('no-service-worker', 'use-another-browser')
  if (!hasPushManager) return unsupported('no-push-manager', 'use-another-browser')
  if (!notification) return unsupported('no-notifications', 'use-another-browser')
  if (notification.permission === 'denied') {
    return { status: 'blocked', remedy: 'unblock-notifications' }
  }
  return null
}
