import { canonicalApplicationServerKey } from '../shared/application-server-key.ts'
import { withDeadline } from '../shared/deadline.ts'
import { createHttpTransport, type SyncTransport } from '../shared/sync-transport.ts'
import type { PagePlatform } from './page-platform.ts'
import type { PushClientOptions } from './push-client-options.ts'
import { activeRegistration } from './worker-registration.ts'

/** All that subscribing needs. */
export interface Setup {
  readonly registration: ServiceWorkerRegistration
  /** Gives the configured key; asked for again after a failure. */
  readonly findKey: () => Promise<string>
  readonly transport: SyncTransport | undefined
  /** Where the worker may speak to the backend by itself. */
  readonly syncUrl: string | undefined
}

/**
 * Gets an active worker, and begins to fetch the key meanwhile. That the key fails is told to who
 * needs it: giving a subscription up does not.
 */
export async function prepareSetup(
  options: PushClientOptions,
  platform: PagePlatform,
  timeoutMs: number,
): Promise<Setup> {
  let key: Promise<string> | undefined
  const findKey = () => {
    const found = (key ??= fetchKey(options.applicationServerKey, timeoutMs))
    found.catch(() => (key = undefined))
    return found
  }
  findKey().catch(() => undefined)
  const registration = await activeRegistration(options.serviceWorker, platform, timeoutMs)
  const { sync } = options
  if (!sync || 'put' in sync) {
    return { registration, findKey, transport: sync || undefined, syncUrl: undefined }
  }
  const syncUrl = new Request(sync.url).url
  const { headers } = sync
  const transport = createHttpTransport({ url: syncUrl, headers, timeoutMs, fetch: platform.fetch })
  return { registration, findKey, transport, syncUrl }
}

async function fetchKey(
  source: PushClientOptions['applicationServerKey'],
  timeoutMs: number,
): Promise<string> {
  return canonicalApplicationServerKey(
    typeof source === 'function'
      ? await withDeadline(Promise.resolve(source()), timeoutMs, 'applicationServerKey()')
      : source,
  )
}
