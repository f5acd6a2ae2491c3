import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { decodeBase64url } from '../../shared/base64url.ts'
import { typeError } from '../../shared/errors.ts'
import { createChannelHub } from './broadcast-channel.ts'
import { createCacheStorage } from './cache-storage.ts'
import type { LoadWorkerOptions } from './load-worker-options.ts'
import {
  createNotificationCenter,
  type ShownNotification,
  type ShownNotificationEnd,
} from './notification-center.ts'
import { createSubscriptionState } from './subscription-state.ts'
import { engineTraits } from './worker-engine.ts'
import { createWorkerFetch } from './worker-fetch.ts'
import { rootOf, type WorkerScript } from './worker-script.ts'
import type { WorkerSite } from './worker-site.ts'
import { createWorkerWindows } from './worker-windows.ts'

/**
 * Makes what is there before a worker is: its origin, its windows, a subscription.
 *
 * @param ended - Called after each notification that leaves the screen.
 */
export function createWorkerSite(
  script: WorkerScript,
  options: LoadWorkerOptions,
  ended: (notification: ShownNotification, how: ShownNotificationEnd) => void,
): WorkerSite {
  const { engine = 'chromium', now = Date.now, permission = 'granted', windows = [] } = options
  const { href: scope } = new URL(options.scope ?? 'https://app.example/')
  const scriptUrl = scriptUrlOf(script, options, scope)
  const subscription = createSubscriptionState(engine)
  if (permission === 'granted' && options.subscription !== false) {
    const { applicationServerKey: key } = options
    subscription.create(key === undefined ? null : decodeBase64url(key), true)
  }
  const { fetch } = createWorkerFetch(scriptUrl, options.fetch)
  return {
    engine,
    traits: engineTraits[engine],
    scope,
    scriptUrl,
    now,
    permission,
    state: 'installing',
    badge: null,
    strikes: 0,
    notifications: createNotificationCenter(ended),
    windows: createWorkerWindows(scope, windows),
    subscription,
    caches: createCacheStorage(scriptUrl, fetch),
    channels: createChannelHub(),
    syncTags: new Set(),
    actions: [],
    errors: [],
    warnings: [],
  }
}

/** Where the script lies on its origin: where the file lies under the root, with its query. */
function scriptUrlOf(script: WorkerScript, options: LoadWorkerOptions, scope: string): string {
  if (!(script instanceof URL)) return new URL('/sw.js', scope).href
  const path = relative(fileURLToPath(rootOf(script, options)), fileURLToPath(script))
  if (path.startsWith('..')) {
    throw typeError('invalid-argument', 'root must be a folder that the worker’s script lies in.')
  }
  const segments = path.split(/[\\/]/).map(encodeURIComponent)
  return new URL(`/${segments.join('/')}${script.search}`, scope).href
}
