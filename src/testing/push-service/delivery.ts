import type { BrowserTransport } from './browser-transport.ts'
import { orderMessages } from './delivery-order.ts'
import type { DeliveryOrder } from './delivery-order.ts'
import type { MessageStore } from './message-store.ts'
import type { ServiceFaults } from './service-faults.ts'
import type { MessageDraft, ServiceMessage } from './service-message.ts'
import type {
  RegisteredSubscription,
  Registration,
  SubscriptionEnd,
  SubscriptionRegistry,
} from './subscription-registry.ts'

/** Brings messages from the store to the browsers that are connected. */
export interface Delivery {
  /** The device's connection is up: sends everything that waits. An earlier connection is dropped. */
  connect(device: string, transport: BrowserTransport): void
  /** The connection is gone: what it did not acknowledge waits for the next one. */
  disconnect(device: string, transport: BrowserTransport): void
  isConnected(device: string): boolean
  /** Tells whether the subscription's queue can take no more. */
  isFull(subscription: RegisteredSubscription): boolean
  /** Stores a message and sends it when its browser is connected. */
  accept(subscription: RegisteredSubscription, draft: MessageDraft): void
  /**
   * Sends a message that was delivered before once more, under a name of its own. `false` when it
   * never was, its subscription has ended or its browser is not connected.
   */
  repeat(id: string): boolean
  /** The browser's word on a message; ignored when the message was not for that device. */
  settle(device: string, id: string, code: number): void
  /** Withdraws a message. `false` when it is unknown or no longer pending. */
  cancel(id: string): boolean
  /** `null` when the device is unknown or there are too many subscriptions. */
  subscribe(registration: Registration): RegisteredSubscription | null
  /** Ends one subscription and everything that waits for it. */
  end(token: string, reason: SubscriptionEnd): void
  /** Keeps everything back until {@link release}. */
  hold(): void
  /** Sends what waits for browsers that are connected, and from now on whatever comes. */
  release(order: DeliveryOrder): void
  /** Forgets all devices and drops their connections. */
  forgetDevices(): void
  /** Drops all connections. */
  dropAll(): void
  /** Marks what is over. */
  expire(): void
}

/** What {@link createDelivery} works on. */
export interface DeliveryOptions {
  readonly store: MessageStore
  readonly registry: SubscriptionRegistry
  readonly faults: ServiceFaults
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Gives a number from 0 up to, not including, 1. */
  readonly random: () => number
  /** Called with every record that changed, before a browser hears of it. */
  readonly onChange: (message: ServiceMessage) => void
}

/** Joins a store, a registry and the connected browsers. */
export function createDelivery(options: DeliveryOptions): Delivery {
  const { store, registry, faults, now, random, onChange } = options
  const transports = new Map<string, BrowserTransport>()
  let isHeld = false

  function publish(changed: readonly ServiceMessage[]): void {
    for (const message of changed) onChange(message)
  }

  function send(subscription: RegisteredSubscription, { id, body }: ServiceMessage): void {
    const transport = transports.get(subscription.device)
    if (!transport) return
    const copies = faults.duplicates.take() ? 2 : 1
    const isCorrupted = body.length > 0 && faults.corruptions.take() !== null
    const changed = store.markSent(id, { copies, isCorrupted })
    publish(changed)
    for (const message of changed) {
      const sent = isCorrupted ? { ...message, body: corrupt(body) } : message
      for (let copy = 1; copy <= copies; copy++) {
        transport.deliver(subscription, copy === 1 ? sent : { ...sent, id: nameCopy(id, copy) })
      }
    }
  }

  function flush(subscription: RegisteredSubscription): void {
    if (isHeld || !transports.has(subscription.device)) return
    for (const message of store.queued(subscription.endpoint)) send(subscription, message)
  }

  const expire = (): void => publish(store.expire(now()))

  function end(token: string, reason: SubscriptionEnd): void {
    const subscription = registry.end(token, reason)
    if (subscription) publish(store.cancelAll(subscription.endpoint))
  }

  function disconnect(device: string, transport: BrowserTransport): void {
    if (transports.get(device) !== transport) return
    transports.delete(device)
    for (const { endpoint } of registry.ofDevice(device)) publish(store.requeue(endpoint))
    expire()
  }

  function dropAll(): void {
    for (const [device, transport] of transports) {
      disconnect(device, transport)
      transport.drop()
    }
  }

  return {
    connect(device, transport) {
      const earlier = transports.get(device)
      if (earlier) {
        disconnect(device, earlier)
        earlier.drop()
      }
      transports.set(device, transport)
      expire()
      for (const subscription of registry.ofDevice(device)) flush(subscription)
    },
    disconnect,
    isConnected: (device) => transports.has(device),
    isFull({ endpoint }) {
      publish(store.expire(now(), endpoint))
      return store.isFull(endpoint)
    },
    accept(subscription, draft) {
      if (faults.swallows.take()) return publish(store.swallow(draft))
      publish(store.put(draft))
      // Sent before it may expire: a TTL of 0 reaches a browser that is connected now.
      flush(subscription)
      publish(store.expire(now(), subscription.endpoint))
    },
    repeat(id) {
      const message = store.get(id)
      const subscription = registry.findByEndpoint(message?.endpoint ?? '')
      const transport = transports.get(subscription?.device ?? '')
      if (!message || message.deliveries === 0 || !transport) return false
      if (!subscription || subscription.end !== null) return false
      publish(store.markRepeated(id))
      transport.deliver(subscription, { ...message, id: nameCopy(id, message.deliveries + 1) })
      return true
    },
    settle(device, id, code) {
      const original = originalOf(id)
      const owner = registry.findByEndpoint(store.get(original)?.endpoint ?? '')
      if (owner?.device === device) publish(store.settle(original, code))
    },
    cancel(id) {
      const changed = store.cancel(id)
      publish(changed)
      return changed.length > 0
    },
    subscribe(registration) {
      const { device, channel, applicationServerKey } = registration
      for (const current of registry.ofDevice(device)) {
        const isSame = current.applicationServerKey === applicationServerKey
        if (current.channel === channel && !isSame) end(current.token, 'unsubscribed')
      }
      return registry.register(registration)
    },
    end,
    hold() {
      isHeld = true
    },
    release(order) {
      isHeld = false
      expire()
      const waiting = store.messages.filter(({ status }) => status === 'queued')
      for (const message of orderMessages(waiting, order, random)) {
        const subscription = registry.findByEndpoint(message.endpoint)
        if (subscription) send(subscription, message)
      }
    },
    forgetDevices() {
      dropAll()
      for (const { endpoint } of registry.forgetDevices()) publish(store.cancelAll(endpoint))
    },
    dropAll,
    expire,
  }
}

/**
 * A copy has a name of its own, since Firefox drops a `version` that it has seen; the name tells
 * which message it is.
 */
function nameCopy(id: string, copy: number): string {
  return `${id}.${copy}`
}

function originalOf(id: string): string {
  return id.replace(/\.\d+$/, '')
}

/** Changes the last octet, which belongs to the tag: the decryption fails. */
function corrupt(body: Uint8Array): Uint8Array {
  const changed = Uint8Array.from(body)
  const last = changed.length - 1
  changed[last] = (changed[last] ?? 0) ^ 1
  return changed
}
