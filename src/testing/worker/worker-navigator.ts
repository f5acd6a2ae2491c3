import type { EngineTraits } from './worker-engine.ts'
import { createLockManager, type FakeLockManager } from './lock-manager.ts'
import type { WorkerSite } from './worker-site.ts'

/** `navigator` as a worker sees it. */
export interface FakeWorkerNavigator {
  readonly language: string
  readonly languages: readonly string[]
  readonly onLine: boolean
  readonly userAgent: string
  readonly locks: FakeLockManager
  readonly permissions: {
    query(descriptor: {
      readonly name: string
      readonly userVisibleOnly?: boolean
    }): Promise<{ readonly name: string; readonly state: string }>
  }
  /** Not in Firefox. */
  setAppBadge?(count?: number): Promise<undefined>
  clearAppBadge?(): Promise<undefined>
}

const userAgents = {
  chromium:
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36',
  firefox: 'Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0',
  webkit:
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15',
}

/** Makes the navigator of one run of a worker. */
export function createWorkerNavigator(site: WorkerSite, language: string): FakeWorkerNavigator {
  return {
    language,
    languages: Object.freeze([language]),
    onLine: true,
    userAgent: userAgents[site.engine],
    locks: createLockManager(),
    permissions: { query: (descriptor) => queryPermission(site, descriptor) },
    ...(site.traits.appBadge && badgeOf(site)),
  }
}

async function queryPermission(
  { permission, traits }: { permission: string; traits: EngineTraits },
  { name, userVisibleOnly = false }: { readonly name: string; readonly userVisibleOnly?: boolean },
) {
  if (name !== 'notifications' && name !== 'push') {
    throw new TypeError(`'${name}' is not a permission that the fake knows.`)
  }
  if (name === 'push' && traits.subscribe.strictState && !userVisibleOnly) {
    const reason = 'Push Permission without userVisibleOnly:true isn’t supported yet.'
    throw new DOMException(reason, 'NotSupportedError')
  }
  return { name, state: permission === 'default' ? 'prompt' : permission }
}

function badgeOf(site: WorkerSite) {
  return {
    async setAppBadge(count?: number) {
      const badge = count === undefined ? NaN : Math.trunc(count)
      if (count !== undefined && !(badge >= 0)) {
        throw new TypeError('setAppBadge: contents must be a whole number, 0 or more.')
      }
      site.badge = badge === 0 ? null : badge
      return undefined
    },
    async clearAppBadge() {
      site.badge = null
      return undefined
    },
  }
}
