import type { PushSubscriptionData } from '../../shared/subscription.ts'
import { decodeBase64url } from '../../shared/base64url.ts'
import { illegalConstructor } from './illegal-constructor.ts'
import { readApplicationServerKey, type SubscriptionRecord } from './subscription-state.ts'
import type { WorkerSite } from './worker-site.ts'

/** A `PushSubscription` as a worker sees it. */
export interface FakePushSubscription {
  readonly endpoint: string
  readonly expirationTime: null
  readonly options: {
    readonly applicationServerKey: ArrayBuffer | null
    readonly userVisibleOnly?: boolean
  }
  getKey(name: string): ArrayBuffer | null
  toJSON(): PushSubscriptionData
  unsubscribe(): Promise<boolean>
}

/** A `PushManager` as a worker sees it. */
export interface FakePushManager {
  subscribe(options?: {
    readonly userVisibleOnly?: boolean
    readonly applicationServerKey?: unknown
  }): Promise<FakePushSubscription>
  getSubscription(): Promise<FakePushSubscription | null>
  permissionState(options?: {
    readonly userVisibleOnly?: boolean
  }): Promise<'granted' | 'denied' | 'prompt'>
}

/** The push classes of a worker, and the object that it has of them. */
export interface FakePush {
  readonly classes: Readonly<Record<'PushManager' | 'PushSubscription', unknown>>
  readonly pushManager: FakePushManager
  /** Wraps a record for an event. */
  wrap(record: SubscriptionRecord): FakePushSubscription
}

/** Makes `pushManager` and its classes for a site. */
export function createFakePush(site: WorkerSite, key: symbol): FakePush {
  const PushSubscription = createSubscriptionClass(site, key)
  const wrap = (record: SubscriptionRecord) => new PushSubscription(key, record)
  const current = () => (site.subscription.current ? wrap(site.subscription.current) : null)
  class PushManager implements FakePushManager {
    static readonly supportedContentEncodings: readonly string[] = Object.freeze([
      ...site.traits.contentEncodings,
    ])
    constructor(given?: symbol) {
      if (given !== key) throw illegalConstructor('PushManager')
    }
    async subscribe(options: Parameters<FakePushManager['subscribe']>[0] = {}) {
      subscribe(site, options)
      return current() as FakePushSubscription
    }
    getSubscription() {
      return Promise.resolve(current())
    }
    async permissionState(options: { readonly userVisibleOnly?: boolean } = {}) {
      if (site.traits.subscribe.strictState && !options.userVisibleOnly) {
        const reason = 'Push subscriptions that don’t enable userVisibleOnly are not supported.'
        throw new DOMException(reason, 'NotSupportedError')
      }
      return site.permission === 'default' ? 'prompt' : site.permission
    }
  }
  return { classes: { PushManager, PushSubscription }, pushManager: new PushManager(key), wrap }
}

/** The checks of `subscribe()`, in the order of the Push API §6.1.2. */
function subscribe(
  { traits, permission, state, subscription }: WorkerSite,
  options: NonNullable<Parameters<FakePushManager['subscribe']>[0]>,
): void {
  const { needsUserVisibleOnly, missingKey, notActive } = traits.subscribe
  const { userVisibleOnly = false, applicationServerKey: given = null } = options
  if (given === null && missingKey) {
    throw new DOMException('Registration failed - missing applicationServerKey.', missingKey)
  }
  const key = given === null ? null : readApplicationServerKey(given, traits)
  if (needsUserVisibleOnly && !userVisibleOnly) {
    throw new DOMException('Registration failed - permission denied', 'NotAllowedError')
  }
  if (notActive && state !== 'activated') {
    throw new DOMException('Registration failed - no active Service Worker', notActive)
  }
  if (permission !== 'granted') {
    throw new DOMException('Registration failed - permission denied', 'NotAllowedError')
  }
  const { current } = subscription
  if (!current) {
    subscription.create(key, userVisibleOnly)
  } else if (String(current.applicationServerKey) !== String(key)) {
    const reason =
      'Registration failed - a subscription with a different applicationServerKey exists.'
    throw new DOMException(reason, 'InvalidStateError')
  }
}

type SubscriptionClass = new (key: symbol, record: SubscriptionRecord) => FakePushSubscription

function createSubscriptionClass(site: WorkerSite, key: symbol): SubscriptionClass {
  return class PushSubscription implements FakePushSubscription {
    readonly #record: SubscriptionRecord
    readonly endpoint: string
    readonly expirationTime = null
    readonly options: FakePushSubscription['options']
    constructor(given: symbol, record: SubscriptionRecord) {
      if (given !== key) throw illegalConstructor('PushSubscription')
      this.#record = record
      this.endpoint = record.data.endpoint
      const { applicationServerKey, userVisibleOnly } = record
      this.options = {
        applicationServerKey: applicationServerKey?.slice().buffer ?? null,
        ...(site.traits.subscribe.tellsUserVisibleOnly && { userVisibleOnly }),
      }
    }
    getKey(name: string) {
      const { keys } = this.#record.data
      if (name !== 'p256dh' && name !== 'auth') {
        throw new TypeError(`'${name}' is not a valid value for PushEncryptionKeyName.`)
      }
      return decodeBase64url(keys[name])?.slice().buffer ?? null
    }
    toJSON() {
      return structuredClone(this.#record.data)
    }
    async unsubscribe() {
      if (site.subscription.current !== this.#record) return false
      site.subscription.current = null
      return true
    }
  }
}
