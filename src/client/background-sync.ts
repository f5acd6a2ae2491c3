import { syncTag } from '../shared/channel.ts'
import type { RegistrationRecord } from '../shared/registration-record.ts'

/** Background Sync (Chromium 49; neither Firefox nor Safari), which TypeScript's library lacks. */
interface SyncRegistration {
  readonly sync?: { register(tag: string): Promise<void> }
}

/**
 * Has the browser wake the worker when the network is back, also when no page is open any more, to
 * tell the backend what it could not be told. Where the browser cannot, the next push, click or
 * load does it.
 */
export function requestBackgroundSync(
  registration: ServiceWorkerRegistration | undefined,
  { retry, syncUrl }: RegistrationRecord,
): void {
  if (!retry || retry.nextTry === Infinity || syncUrl === undefined) return
  const { sync } = (registration ?? {}) as SyncRegistration
  sync?.register(syncTag).catch(() => undefined)
}
