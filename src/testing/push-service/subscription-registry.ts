/**
 * Why an endpoint answers 410: the browser unsubscribed, a test expired it, or the whole device
 * was forgotten.
 */
export type SubscriptionEnd = 'unsubscribed' | 'expired' | 'device-forgotten'

/** One subscription that a browser holds, or held. */
export interface RegisteredSubscription {
  /** The unguessable last part of the endpoint. */
  readonly token: string
  readonly endpoint: string
  /** The browser installation: autopush's `uaid`. */
  readonly device: string
  /** The browser's own name for the subscription: autopush's `channelID`. */
  readonly channel: string
  /** Base64url without padding; `null` for a subscription that anyone may send to. */
  readonly applicationServerKey: string | null
  /** `null` while it lives. */
  readonly end: SubscriptionEnd | null
}

/** What a browser asks for when it subscribes. */
export interface Registration {
  readonly device: string
  readonly channel: string
  readonly applicationServerKey: string | null
  /** Makes the endpoint, whose last part is the token. */
  readonly endpointOf: (token: string) => string
}

/** How a registry names things, and how much it holds. */
export interface SubscriptionRegistryOptions {
  readonly newToken: () => string
  readonly maxSubscriptionsPerDevice: number
  /** Beyond this the device that came first and holds no subscription is forgotten. */
  readonly maxDevices: number
  /** Living ones, of all devices. */
  readonly maxSubscriptions: number
  /** Ended subscriptions beyond this are forgotten, oldest first: they answer 404, not 410. */
  readonly maxEnded: number
  /** What an earlier run knew. */
  readonly saved?: {
    readonly devices: readonly string[]
    /** Oldest first. */
    readonly subscriptions: readonly RegisteredSubscription[]
  }
  /** Called with everything that changes, but not with what is forgotten for want of room. */
  readonly onChange?: (change: RegistryChange) => void
}

/** What changed in a registry. */
export type RegistryChange =
  | { readonly type: 'device'; readonly device: string; readonly isKnown: boolean }
  | { readonly type: 'subscription'; readonly subscription: RegisteredSubscription }

/** The devices that a push service knows, and what they subscribed to. */
export interface SubscriptionRegistry {
  /** All subscriptions, also ended ones, oldest first. */
  readonly subscriptions: readonly RegisteredSubscription[]
  readonly devices: readonly string[]
  hasDevice(device: string): boolean
  /** @returns `false` when there is no room: every device holds a subscription. */
  addDevice(device: string): boolean
  find(token: string): RegisteredSubscription | undefined
  findByEndpoint(endpoint: string): RegisteredSubscription | undefined
  /** The living subscriptions of one device. */
  ofDevice(device: string): readonly RegisteredSubscription[]
  /**
   * Subscribes. The same channel with the same key gets the same endpoint again; with another key
   * the earlier subscription ends.
   *
   * @returns `null` when the device is unknown or there are too many subscriptions.
   */
  register(registration: Registration): RegisteredSubscription | null
  /** Ends a living subscription, and gives it as it was; `null` when there is none. */
  end(token: string, reason: SubscriptionEnd): RegisteredSubscription | null
  /** Forgets every device, and gives the subscriptions that ended by it. */
  forgetDevices(): readonly RegisteredSubscription[]
}

/** Makes a registry: empty, or as an earlier run left it. */
export function createSubscriptionRegistry({
  saved = { devices: [], subscriptions: [] },
  onChange = () => {},
  ...options
}: SubscriptionRegistryOptions): SubscriptionRegistry {
  const byToken = new Map<string, RegisteredSubscription>()
  const devices = new Map<string, Map<string, string>>()
  const ended = new Set<string>()

  function end(token: string, reason: SubscriptionEnd): RegisteredSubscription | null {
    const subscription = byToken.get(token)
    if (!subscription || subscription.end !== null) return null
    devices.get(subscription.device)?.delete(subscription.channel)
    putEnded({ ...subscription, end: reason })
    onChange({ type: 'subscription', subscription: { ...subscription, end: reason } })
    return subscription
  }

  function putEnded(subscription: RegisteredSubscription): void {
    byToken.set(subscription.token, subscription)
    ended.add(subscription.token)
    for (const oldest of ended) {
      if (ended.size <= options.maxEnded) break
      ended.delete(oldest)
      byToken.delete(oldest)
    }
  }

  function putLiving(subscription: RegisteredSubscription): void {
    byToken.set(subscription.token, subscription)
    const channels = devices.get(subscription.device) ?? new Map<string, string>()
    devices.set(subscription.device, channels.set(subscription.channel, subscription.token))
  }

  function add({ endpointOf, ...registration }: Registration): RegisteredSubscription {
    const token = options.newToken()
    const subscription = { ...registration, token, endpoint: endpointOf(token), end: null }
    putLiving(subscription)
    onChange({ type: 'subscription', subscription })
    return subscription
  }

  function ofDevice(device: string): RegisteredSubscription[] {
    const tokens = devices.get(device)?.values() ?? []
    return [...tokens].flatMap((token) => byToken.get(token) ?? [])
  }

  function forgetDevice(device: string): void {
    devices.delete(device)
    onChange({ type: 'device', device, isKnown: false })
  }

  function makeRoom(): boolean {
    if (devices.size < options.maxDevices) return true
    for (const [device, channels] of devices) {
      if (channels.size > 0) continue
      forgetDevice(device)
      return true
    }
    return false
  }

  for (const device of saved.devices) devices.set(device, new Map())
  for (const subscription of saved.subscriptions) {
    if (subscription.end === null) putLiving(subscription)
    else putEnded(subscription)
  }

  return {
    get subscriptions() {
      return [...byToken.values()]
    },
    get devices() {
      return [...devices.keys()]
    },
    hasDevice: (device) => devices.has(device),
    addDevice(device) {
      if (devices.has(device)) return true
      if (!makeRoom()) return false
      devices.set(device, new Map())
      onChange({ type: 'device', device, isKnown: true })
      return true
    },
    find: (token) => byToken.get(token),
    findByEndpoint(endpoint) {
      const subscription = byToken.get(endpoint.slice(endpoint.lastIndexOf('/') + 1))
      return subscription?.endpoint === endpoint ? subscription : undefined
    },
    ofDevice,
    register(registration) {
      const channels = devices.get(registration.device)
      if (!channels) return null
      const current = byToken.get(channels.get(registration.channel) ?? '')
      if (current?.applicationServerKey === registration.applicationServerKey) return current
      if (current) end(current.token, 'unsubscribed')
      if (channels.size >= options.maxSubscriptionsPerDevice) return null
      if (byToken.size - ended.size >= options.maxSubscriptions) return null
      return add(registration)
    },
    end,
    forgetDevices() {
      const living = [...devices.keys()].flatMap(ofDevice)
      for (const { token } of living) end(token, 'device-forgotten')
      for (const device of devices.keys()) forgetDevice(device)
      return living
    },
  }
}
