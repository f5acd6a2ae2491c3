import {
  invalidApplicationServerKey,
  isP256Point,
  parseApplicationServerKey,
} from '../shared/application-server-key.ts'
import { withDeadline } from '../shared/deadline.ts'
import { drainOutbox } from '../shared/drain-outbox.ts'
import { holding, mayHoldAlso } from '../shared/outbox.ts'
import type { RegistrationRecord, RegistrationRecords } from '../shared/registration-record.ts'
import { type DrainReason, unparked } from '../shared/sync-retry.ts'
import type { SyncTransport } from '../shared/sync-transport.ts'
import { requestBackgroundSync } from './background-sync.ts'
import { hasKey, type SubscribeOptions, subscribeWith, unsubscribe } from './subscribe.ts'
import type { PagePlatform } from './page-platform.ts'
import type { PushTarget } from './worker-registration.ts'

/** Moves browser and backend from one state to another. Nothing here runs twice at a time. */
export interface SubscriptionLifecycle {
  readonly target: PushTarget
  /** Gives the registration's own subscription. */
  current(): Promise<PushSubscription | null>
  /** Whether the browser holds a subscription that counts. */
  isSubscribed(record: RegistrationRecord | undefined): Promise<boolean>
  /** Begins to subscribe, at once, with the key that was last used. */
  begin(): Promise<PushSubscription> | undefined
  /**
   * Subscribes, and tells the backend.
   *
   * @param early - What `begin()` gave.
   */
  subscribe(reason: DrainReason, early?: Promise<PushSubscription>): Promise<PushSubscription>
  /** Gives the subscription up, and tells the backend. Needs neither key nor network to do so. */
  unsubscribe(): Promise<void>
  /** Brings browser and backend to what the user last decided. */
  reconcile(granted: boolean, reason: DrainReason): Promise<void>
  /** Tells the backend what it does not know yet. */
  drain(reason: DrainReason): Promise<RegistrationRecord | undefined>
}

/** What a lifecycle is made of. */
export interface LifecycleParts extends SubscribeOptions {
  readonly target: PushTarget
  readonly records: RegistrationRecords
  readonly transport: SyncTransport | undefined
  /** Gives the configured key; asked for again after a failure. */
  readonly findKey: () => Promise<string>
  /** What the record says of this page, whenever it is written. */
  readonly description: Partial<RegistrationRecord>
  readonly platform: PagePlatform
  /** Moves a subscription to another key; without it, one stays at its key. */
  readonly keyMove?: ((lifecycle: SubscriptionLifecycle) => KeyMover) | undefined
}

/** Moves a subscription to the key that the backend asked for. */
export interface KeyMover {
  /** Gives the second registration's subscription while that is the one that counts. */
  bridged(record: RegistrationRecord | undefined): Promise<PushSubscription | null>
  /** Takes the next step, when it is time for one. */
  advance(): Promise<void>
  /** Gives up what the second registration holds. */
  cancel(): Promise<void>
}

export function createSubscriptionLifecycle(parts: LifecycleParts): SubscriptionLifecycle {
  const { target, records, transport, findKey, description, platform, timeoutMs, signal } = parts
  const { pushManager, scope } = target
  /** The key that was last used; known once a record was read. */
  let usedKey: string | undefined
  const change = (to: (record: RegistrationRecord) => RegistrationRecord) =>
    records.update(scope, (record) => ({ ...to(record), ...description }))

  const current = () =>
    withDeadline(pushManager.getSubscription(), timeoutMs, 'getSubscription()', signal)

  /** Writes down what the user decided before anything is done about it. */
  const decide = (
    enabled: boolean,
    held: PushSubscription | null,
    decided: Partial<RegistrationRecord>,
  ) =>
    change((record) => {
      // A removal waits for no sign-in: its endpoint proves it.
      const tried = enabled ? record : unparked(record)
      const before = transport && held ? mayHoldAlso(tried, held.endpoint) : tried
      return { ...before, enabled, ...decided }
    })

  const drain = async (reason: DrainReason) => {
    if (!transport) return undefined
    const record = await drainOutbox(scope, reason, {
      ...platform,
      records,
      transport,
      timeoutMs,
    })
    if (record) requestBackgroundSync(target.registration, record)
    return record
  }

  const lifecycle: SubscriptionLifecycle = {
    target,
    current,
    isSubscribed: async (record) => ((await mover?.bridged(record)) ?? (await current())) !== null,
    drain,
    begin: () =>
      usedKey === undefined
        ? undefined
        : pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: usedKey }),

    async subscribe(reason, early) {
      const configuredKey = await findKey()
      const before = await records.get(scope)
      // A key that the backend asked for stands until the app is configured with another one. A tab
      // that was opened under an older configuration has no say in that while it stays open.
      const stands = before?.configuredKey === configuredKey || !/load|change/.test(reason)
      const key = (stands && before?.applicationServerKey) || configuredKey
      usedKey = key
      const held = await current()
      if (held && !hasKey(held, key)) await checkPoint(key)
      const isMoving = before?.keyMove?.to === key
      const bridged = (isMoving && (await mover?.bridged(before))) || null
      // Beside the second registration's subscription, the backend has already let this one go.
      const mayBeTold = bridged ? null : held
      await decide(true, mayBeTold, {
        applicationServerKey: key,
        configuredKey: (stands && before?.configuredKey) || configuredKey,
      })
      const subscription = bridged ?? (await subscribeWith(key, held, pushManager, parts, early))
      await change((now) => holding(now, subscription, key, platform.now()))
      await drain(reason)
      await mover?.advance()
      return subscription
    },

    async unsubscribe() {
      const held = await current()
      await decide(false, held, { hold: undefined, rotateTo: undefined })
      if (held) await unsubscribe(held, parts)
      await mover?.cancel()
      await drain('change')
    },

    async reconcile(granted, reason) {
      const held = await current()
      const record = await records.get(scope)
      usedKey = record?.applicationServerKey
      // A subscription made before Pushwell came, or whose record was lost, is taken over.
      const isWanted = record?.enabled ?? held !== null
      if (granted && isWanted) {
        await lifecycle.subscribe(reason)
      } else if (isWanted || !(held ?? record?.keyMove)) {
        // Nothing can be shown: the backend must hold nothing. What the user decided stands.
        if (record?.hold) await change((now) => ({ ...now, hold: undefined }))
        await drain(reason)
      } else {
        await lifecycle.unsubscribe()
      }
    },
  }
  const mover = parts.keyMove?.(lifecycle)
  return lifecycle
}

/** What the subscription that works is not given up for. */
async function checkPoint(key: string): Promise<void> {
  if (!(await isP256Point(parseApplicationServerKey(key)))) throw invalidApplicationServerKey()
}
