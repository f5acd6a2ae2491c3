import { createMemoryRecords } from '../shared/memory-records.ts'
import { createClientCore } from './client-core.ts'
import { browserPlatform, type PagePlatform } from './page-platform.ts'
import type { SubscriptionClient } from './push-client-methods.ts'
import type { SubscriptionClientOptions } from './push-client-options.ts'

/**
 * Makes a client of the least weight: permission and subscription, and a transport of the app's
 * own. It remembers nothing beyond the page, so what the transport could not tell is told at the
 * next load as far as the browser's own subscription shows it; `createPushClient` forgets nothing.
 *
 * @param platform - The browser; a test passes its own.
 */
export function createSubscriptionClient(
  options: SubscriptionClientOptions,
  platform?: PagePlatform,
): SubscriptionClient {
  const page = () => platform ?? browserPlatform()
  return createClientCore(options, page, {
    records: createMemoryRecords(),
    hasBackend: options.sync !== false,
    transport: () => options.sync || undefined,
    description: () => ({}),
  })
}
