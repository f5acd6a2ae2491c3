import {
  invalidApplicationServerKey,
  isP256Point,
  parseApplicationServerKey,
} from '../shared/application-server-key.ts'
import { withDeadline } from '../shared/deadline.ts'
import type { ArgumentError } from '../shared/errors.ts'
import { drainOutbox } from '../shared/drain-outbox.ts'
import { holding, mayHoldAlso } from '../shared/outbox.ts'
import type { RegistrationRecord, RegistrationRecords } from '../shared/registration-record.ts'
import { type DrainReason, unparked } from '../shared/sync-retry.ts'
import type { SyncTransport } from '../shared/sync-transport.ts'
import { requestBackgroundSync } from './background-sync.ts'
import { keyOf, type SubscribeOptions, subscribeWith, unsubscribe } from './subscribe.ts'
import type { PagePlatform } from './page-platform.ts'
import type { PushTarget } from './worker-registration.ts'

/**
 * Moves the browser from one state to another, and writes down what the backend shall know of it.
 * But for `want` and `drain`, which may be called at any time, nothing here runs twice at a time.
 */
export interface SubscriptionLifecycle {
  readonly target: PushTarget
  /** Gives the registration's own subscription. */
  current(): Promise<PushSubscription | null>
  /** Whether the browser holds a subscription that counts. */
  isSubscribed(record: RegistrationRecord | undefined): Promise<boolean>
  /** Begins to subscribe, at once, where a browser wants it so and the key is known already. */
  begin(): Promise<PushSubscription> | undefined
  /** Writes down what the user decided. */
  want(enabled: boolean): Promise<unknown>
  /**
   * Subscribes.
   *
   * @param early - What `begin()` gave.
   */
  subscribe(reason: DrainReason, early?: Promise<PushSubscription>): Promise<PushSubscription>
  /** Gives the subscription up. Needs neither key nor network to do so. */
  unsubscribe(): Promise<void>
  /** Brings the browser to what the user last decided. */
  reconcile(granted: boolean, reason: DrainReason): Promise<void>
  /** Takes the next step of a move to another key; `false` when there is none to take. */
  advance(): Promise<boolean>
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
  /** Takes the next step, when it is time for one; `false` when there is none to take. */
  advance(): Promise<boolean>
  /** Gives up what the second registration holds. */
  cancel(): Promise<void>
}

export function createSubscriptionLifecycle(parts: LifecycleParts): SubscriptionLifecycle {
  const { target, records, transport, findKey, description, platform, timeoutMs, signal } = parts
  const { pushManager, scope } = target
  /** The key that was last used; known once a record was read. */
  let usedKey: string | undefined
  /** Offline, the key that the app was last configured with has to do. */
  const configuredKeyFor = (record: RegistrationRecord | undefined) =>
    findKey().catch((error: Partial<ArgumentError>) => {
      const isNone = error.code === 'invalid-application-server-key'
      if (isNone || record?.configuredKey === undefined) throw error
      return record.configuredKey
    })
  const change = (to: (record: RegistrationRecord) => RegistrationRecord) =>
    records.update(scope, (record) => ({ ...to(record), ...description }))

  const current = () =>
    withDeadline(pushManager.getSubscription(), timeoutMs, 'getSubscription()', signal)

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
      usedKey === undefined || !platform.needsGesture
        ? undefined
        : pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: usedKey }),

    want: (enabled) =>
      change((record) => ({
        // A removal waits for no sign-in: its endpoint proves it.
        ...(enabled ? record : unparked(record)),
        enabled,
      })),

    async subscribe(reason, early) {
      const before = await records.get(scope)
      const configuredKey = await configuredKeyFor(before)
      const key = keyFor(before, configuredKey, reason)
      usedKey = key
      const held = await current()
      const counting = (await mover?.bridged(before)) ?? null
      const heldKey = held && keyOf(held, key)
      // Without a click, a browser may not give another one for the one that is given up.
      if (mover && target.registration && reason !== 'change') {
        const { keyMove } = before ?? {}
        const later = keyMove && keyMove.to !== key && (counting ?? held)
        if (later) {
          await change((record) => ({ ...record, configuredKey, rotateTo: key }))
          return later
        }
        if (!keyMove && held && heldKey && heldKey !== key) {
          await change((record) => ({
            ...holding(record, held, heldKey, platform.now()),
            enabled: record.enabled ?? true,
            applicationServerKey: heldKey,
            configuredKey,
            rotateTo: key,
          }))
          return held
        }
      }
      const bridged = before?.keyMove?.to === key ? counting : null
      if (heldKey && heldKey !== key) await checkPoint(key)
      await change((record) => ({
        // Beside the second registration's subscription, the backend has let this one go already.
        ...(transport && held && !bridged ? mayHoldAlso(record, held.endpoint) : record),
        enabled: record.enabled ?? true,
        applicationServerKey: key,
        configuredKey: newestOf(before, configuredKey, reason),
      }))
      const subscription = bridged ?? (await subscribeWith(key, held, pushManager, parts, early))
      await change((record) => holding(record, subscription, key, platform.now()))
      return subscription
    },

    async unsubscribe() {
      const held = await current()
      await change((record) => ({
        ...(transport && held ? mayHoldAlso(record, held.endpoint) : record),
        hold: undefined,
        rotateTo: undefined,
      }))
      if (held) await unsubscribe(held, parts)
      await mover?.cancel()
    },

    async reconcile(granted, reason) {
      const record = await records.get(scope)
      // Not waited for: who enables has to subscribe within the click, with the key that is right.
      configuredKeyFor(record).then(
        (key) => (usedKey = keyFor(record, key, reason)),
        () => undefined,
      )
      const held = await current()
      // A subscription made before Pushwell came, or whose record was lost, is taken over.
      const isWanted = record?.enabled ?? held !== null
      if (granted && isWanted) {
        await lifecycle.subscribe(reason)
      } else if (isWanted || !(held ?? record?.keyMove)) {
        // Nothing can be shown: the backend must hold nothing. What the user decided stands.
        if (record?.hold) await change((now) => ({ ...unparked(now), hold: undefined }))
      } else {
        await lifecycle.unsubscribe()
      }
    },

    advance: async () => (await mover?.advance()) ?? false,
  }
  const mover = parts.keyMove?.(lifecycle)
  return lifecycle
}

/** A tab that was opened under an older configuration has no say in the key while it stays open. */
function newestOf(
  record: RegistrationRecord | undefined,
  configuredKey: string,
  reason: DrainReason,
): string {
  return (!/load|change/.test(reason) && record?.configuredKey) || configuredKey
}

/** A key that the backend asked for stands until the app is configured with another one. */
function keyFor(
  record: RegistrationRecord | undefined,
  configuredKey: string,
  reason: DrainReason,
): string {
  const newest = newestOf(record, configuredKey, reason)
  return (record?.configuredKey === newest && record.applicationServerKey) || newest
}

/** What the subscription that works is not given up for. */
async function checkPoint(key: string): Promise<void> {
  if (!(await isP256Point(parseApplicationServerKey(key)))) throw invalidApplicationServerKey()
}
