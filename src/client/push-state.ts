import type { PushwellErrorCode, Remedy } from '../shared/errors.ts'
import { nextRequest } from '../shared/outbox.ts'
import type { RegistrationRecord } from '../shared/registration-record.ts'
import { isEmbargoed } from './ask-policy.ts'
import type { PagePlatform } from './page-platform.ts'

/** Why a browser cannot do Web Push. */
export type UnsupportedReason =
  | 'insecure-context'
  | 'cross-origin-frame'
  | 'no-service-worker'
  | 'no-push-manager'
  | 'no-notifications'

/**
 * Where Web Push stands in this browser. A snapshot keeps its identity until something changes.
 *
 * - `loading`: `prepare()` has not come to an end yet.
 * - `unsupported`: not in this browser, or not on this page.
 * - `install-required`: on iOS and iPadOS, only once the app is on the Home Screen.
 * - `blocked`: the user refused, or (`embargo`) the browser for them after they had closed the
 *   question several times; only browser settings, or time, can change it.
 * - `prompt`: the user has not been asked, or has not answered.
 * - `unsubscribed`: permission is granted, pushes are off.
 * - `subscribed`: the browser holds a subscription. `sync` says whether the backend knows it:
 *   `pending` until it has acknowledged, with the `reason` once it has failed; `off` without a
 *   backend.
 *
 * `storage` is there when nothing can be stored: what the backend has not acknowledged is then lost
 * when the page is left.
 */
export type PushState =
  | { readonly status: 'loading' }
  | {
      readonly status: 'unsupported'
      readonly reason: UnsupportedReason
      readonly remedy: Remedy
    }
  | { readonly status: 'install-required'; readonly remedy: Remedy }
  | {
      readonly status: 'blocked'
      readonly reason: 'user' | 'embargo'
      readonly remedy: Remedy
    }
  | ({ readonly status: 'prompt' | 'unsubscribed' } & StorageState)
  | ({
      readonly status: 'subscribed'
      readonly sync: 'synced' | 'pending' | 'off'
      readonly reason?: PushwellErrorCode
    } & StorageState)

interface StorageState {
  readonly storage?: 'memory'
}

/** The states that no call of ours can lead out of. */
export type StoppedState = Extract<
  PushState,
  { status: 'unsupported' | 'install-required' | 'blocked' }
>

/** What a state follows from. */
export interface PushFacts {
  readonly platform: PagePlatform
  /** Whether the app wants no worker (`serviceWorker: false`). */
  readonly isWorkerless: boolean
  readonly hasBackend: boolean
  /** Whether the browser holds a subscription. */
  readonly isHeld: boolean
  readonly record: RegistrationRecord | undefined
  readonly isPersistent: boolean
}

/** Tells the state that the facts make: the one place where states come from. */
export function pushState(facts: PushFacts): PushState {
  const { platform, record, isHeld, hasBackend, isPersistent } = facts
  const stopped = stoppedState(facts)
  if (stopped) return stopped
  const storage: StorageState = isPersistent ? {} : { storage: 'memory' }
  if (platform.notification?.permission !== 'granted') return { status: 'prompt', ...storage }
  if (!isHeld) return { status: 'unsubscribed', ...storage }
  const status = 'subscribed'
  if (!hasBackend) return { status, sync: 'off', ...storage }
  const reason = record?.retry?.code
  const isKnown = record && !reason && !nextRequest(record, platform.now(), 0)
  if (isKnown) return { status, sync: 'synced', ...storage }
  return { status, sync: 'pending', ...(reason && { reason }), ...storage }
}

/** Tells what stops the user in this browser; `null` when nothing does. */
export function stoppedState({
  platform,
  isWorkerless,
  record,
}: Pick<PushFacts, 'platform' | 'isWorkerless' | 'record'>): StoppedState | null {
  const unsupported = (reason: UnsupportedReason, remedy: Remedy): StoppedState => ({
    status: 'unsupported',
    reason,
    remedy,
  })
  const { isSecureContext, serviceWorker, hasPushManager, notification, standalone } = platform
  if (!isSecureContext) return unsupported('insecure-context', 'use-https')
  if (platform.isCrossOriginFrame) return unsupported('cross-origin-frame', 'open-in-own-tab')
  // In a tab, iOS lacks PushManager, and Notification in most of its versions.
  if (!hasPushManager && standalone === false) {
    return { status: 'install-required', remedy: 'install-app' }
  }
  // In a private window of Firefox, as long as workers are off there.
  if (!serviceWorker) return unsupported('no-service-worker', 'leave-private-browsing')
  if (!hasPushManager || (isWorkerless && !platform.pushManager)) {
    return unsupported('no-push-manager', 'use-another-browser')
  }
  if (!notification) return unsupported('no-notifications', 'use-another-browser')
  if (notification.permission !== 'denied') return null
  return isEmbargoed(record?.answers)
    ? { status: 'blocked', reason: 'embargo', remedy: 'ask-again-later' }
    : { status: 'blocked', reason: 'user', remedy: 'unblock-notifications' }
}
