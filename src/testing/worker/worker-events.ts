import { toDomString } from './dom-string.ts'
import type { EventLifetime } from './event-lifetime.ts'
import { type PushMessageDataClass, readPayload } from './push-message-data.ts'
import type { EngineTraits } from './worker-engine.ts'

type Init = Readonly<Record<PropertyKey, unknown>>
type EventClass = new (type: string, init?: Init) => Event

/** The event classes of a worker, by their names. */
export type WorkerEventClasses = Readonly<
  Record<
    | 'ExtendableEvent'
    | 'PushEvent'
    | 'NotificationEvent'
    | 'PushSubscriptionChangeEvent'
    | 'ExtendableMessageEvent',
    EventClass
  >
> & { readonly SyncEvent?: EventClass }

/**
 * Makes the event classes of a worker.
 *
 * @param key - The member of an event's init that holds the lifetime of one from the browser: an
 * event without it is a script's own, and cannot be extended.
 */
export function createEventClasses(
  key: symbol,
  PushMessageData: PushMessageDataClass,
  traits: EngineTraits,
): WorkerEventClasses {
  const ExtendableEvent = createExtendableEvent(key)
  return {
    ExtendableEvent,
    PushEvent: createPushEvent(ExtendableEvent, key, PushMessageData, traits),
    ...createOtherEvents(ExtendableEvent, traits),
  }
}

function createExtendableEvent(key: symbol) {
  return class ExtendableEvent extends Event {
    readonly #lifetime: EventLifetime | undefined
    constructor(type: string, init: Init = {}) {
      super(type, init)
      this.#lifetime = init[key] as EventLifetime | undefined
    }
    override get isTrusted(): boolean {
      return this.#lifetime !== undefined
    }
    waitUntil(...given: readonly unknown[]): void {
      if (given.length === 0) throw new TypeError('waitUntil: 1 argument required, got 0.')
      if (!this.#lifetime) {
        const reason = 'waitUntil: the event was not dispatched by the browser.'
        throw new DOMException(reason, 'InvalidStateError')
      }
      this.#lifetime.extend(given[0])
    }
  }
}

type ExtendableEventClass = ReturnType<typeof createExtendableEvent>

function createPushEvent(
  ExtendableEvent: ExtendableEventClass,
  key: symbol,
  PushMessageData: PushMessageDataClass,
  { declarative }: EngineTraits,
): EventClass {
  class PushEvent extends ExtendableEvent {
    readonly data: unknown
    constructor(type: string, init: Init = {}) {
      super(type, init)
      const bytes = readPayload(init['data'])
      this.data = bytes ? new PushMessageData(key, bytes) : null
      if (!declarative) return
      const { notification = null, appBadge = null } = init
      Object.assign(this, { notification, appBadge })
    }
  }
  return PushEvent
}

function createOtherEvents(
  ExtendableEvent: ExtendableEventClass,
  { reply, backgroundSync }: EngineTraits,
) {
  class NotificationEvent extends ExtendableEvent {
    readonly notification: unknown
    readonly action: string
    constructor(type: string, init: Init = {}) {
      super(type, init)
      if (!init['notification']) throw new TypeError('NotificationEvent: notification is required.')
      this.notification = init['notification']
      this.action = toDomString(init['action'] ?? '')
      if (reply) Object.assign(this, { reply: init['reply'] ?? null })
    }
  }
  class PushSubscriptionChangeEvent extends ExtendableEvent {
    readonly newSubscription: unknown
    readonly oldSubscription: unknown
    constructor(type: string, init: Init = {}) {
      super(type, init)
      this.newSubscription = init['newSubscription'] ?? null
      this.oldSubscription = init['oldSubscription'] ?? null
    }
  }
  class ExtendableMessageEvent extends ExtendableEvent {
    readonly data: unknown
    readonly origin: string
    readonly lastEventId: string
    readonly source: unknown
    readonly ports: readonly unknown[]
    constructor(type: string, init: Init = {}) {
      super(type, init)
      this.data = init['data'] ?? null
      this.origin = toDomString(init['origin'] ?? '')
      this.lastEventId = ''
      this.source = init['source'] ?? null
      this.ports = Object.freeze([...((init['ports'] as unknown[] | undefined) ?? [])])
    }
  }
  class SyncEvent extends ExtendableEvent {
    readonly tag: string
    readonly lastChance: boolean
    constructor(type: string, init: Init = {}) {
      super(type, init)
      this.tag = toDomString(init['tag'] ?? '')
      this.lastChance = Boolean(init['lastChance'])
    }
  }
  return {
    NotificationEvent,
    PushSubscriptionChangeEvent,
    ExtendableMessageEvent,
    ...(backgroundSync && { SyncEvent }),
  }
}
