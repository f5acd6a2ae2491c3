import type { RegistrationRecord, RegistrationRecords } from '../shared/registration-record.ts'
import type { SyncTransport } from '../shared/sync-transport.ts'
import { createKeySource } from './key-source.ts'
import type { PagePlatform } from './page-platform.ts'
import type { SubscriptionClientOptions } from './push-client-options.ts'
import {
  createSubscriptionLifecycle,
  type LifecycleParts,
  type SubscriptionLifecycle,
} from './subscription-lifecycle.ts'
import { findPushTarget } from './worker-registration.ts'

/** What a lifecycle is made of besides the app's options. */
export interface StartParts {
  readonly records: RegistrationRecords
  readonly transport: (page: PagePlatform) => SyncTransport | undefined
  readonly description: (page: PagePlatform) => Partial<RegistrationRecord>
  readonly keyMove?: (parts: LifecycleParts) => LifecycleParts['keyMove']
}

/**
 * Gets the worker ready, and makes what subscribes there.
 *
 * @param onLate - Called when a subscription comes that was waited for in vain.
 * @throws What `findPushTarget` does.
 */
export async function startLifecycle(
  {
    applicationServerKey,
    serviceWorker,
    timeoutMs = 15_000,
    signal,
  }: Omit<SubscriptionClientOptions, 'sync'>,
  platform: PagePlatform,
  given: StartParts,
  onLate: () => void,
): Promise<SubscriptionLifecycle> {
  const findKey = createKeySource(applicationServerKey, timeoutMs, signal)
  // Fetched meanwhile. That it fails is told to who needs it: giving up does not.
  findKey().catch(() => undefined)
  const parts: LifecycleParts = {
    target: await findPushTarget(serviceWorker, platform, timeoutMs, signal),
    records: given.records,
    transport: given.transport(platform),
    description: given.description(platform),
    findKey,
    platform,
    timeoutMs,
    signal,
    underWay: new Map(),
    onLate,
  }
  return createSubscriptionLifecycle({ ...parts, keyMove: given.keyMove?.(parts) })
}
