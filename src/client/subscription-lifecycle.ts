import { createBackendLink } from '../shared/backend-link.ts'
import { withDeadline } from '../shared/deadline.ts'
import type { RegistrationRecords } from '../shared/registration-record.ts'
import type { PagePlatform } from './page-platform.ts'
import type { PushState } from './push-state.ts'
import type { Setup } from './setup.ts'
import { subscribeWith, unsubscribe } from './subscribe.ts'

/** Moves browser and backend from one state to another. */
export interface SubscriptionLifecycle {
  /** Gives the subscription that the browser holds. */
  current(): Promise<PushSubscription | null>
  /** Subscribes, and tells the backend. */
  subscribe(): Promise<Subscribed>
  /** Gives the subscription up, and tells the backend. Needs neither key nor network to do so. */
  unsubscribe(): Promise<void>
  /** Brings browser and backend to what the user last decided; `null` when that is no pushes. */
  reconcile(granted: boolean): Promise<Subscribed | null>
}

/** A subscription and the state that it makes. */
export interface Subscribed {
  readonly subscription: PushSubscription
  readonly state: Extract<PushState, { status: 'subscribed' }>
}

/** @param timeoutMs - For each step of the browser and the backend. */
export function createSubscriptionLifecycle(
  { registration, findKey, transport, syncUrl }: Setup,
  records: RegistrationRecords,
  { language }: PagePlatform,
  timeoutMs: number,
): SubscriptionLifecycle {
  const { pushManager, scope } = registration
  const link = createBackendLink(transport, records, language, timeoutMs)
  const current = () => withDeadline(pushManager.getSubscription(), timeoutMs, 'getSubscription()')

  /** Writes the user's decision down before anything is done about it. */
  const decide = async (enabled: boolean, held: PushSubscription | null, keys = {}) => {
    const before = await records.get(scope)
    const mayHold = new Set(transport && before?.mayHold)
    if (transport && held) mayHold.add(held.endpoint)
    const record = { ...before, ...keys, scope, enabled, syncUrl, mayHold: [...mayHold] }
    await records.put(record)
    return record
  }

  const subscribeUnder = async (
    applicationServerKey: string,
    configuredKey: string,
    held: PushSubscription | null,
    mayRotate: boolean,
  ): Promise<Subscribed> => {
    const record = await decide(true, held, { applicationServerKey, configuredKey })
    const subscription = await subscribeWith(applicationServerKey, held, registration, timeoutMs)
    const { outcome, rotateTo } = await link.sync(record, subscription)
    return rotateTo && mayRotate
      ? subscribeUnder(rotateTo, configuredKey, subscription, false)
      : { subscription, state: { status: 'subscribed', ...outcome } }
  }

  const subscribe = async (held: PushSubscription | null) => {
    const configured = await findKey()
    const record = await records.get(scope)
    // A key that the backend asked for stands until the app is configured with another one.
    const key = (record?.configuredKey === configured && record.applicationServerKey) || configured
    return subscribeUnder(key, configured, held, true)
  }

  const giveUp = async (held: PushSubscription | null) => {
    const record = await decide(false, held)
    if (held) await unsubscribe(held, timeoutMs)
    await link.sync(record)
  }

  return {
    current,
    subscribe: async () => subscribe(await current()),
    unsubscribe: async () => giveUp(await current()),
    async reconcile(granted) {
      const held = await current()
      const record = await records.get(scope)
      // A subscription made before Pushwell came, or whose record was lost, is taken over.
      const wanted = record?.enabled ?? held !== null
      if (granted && wanted) return subscribe(held)
      if (held) await giveUp(held)
      // Without a subscription the backend must hold none, whatever the user wants.
      else if (record) await link.sync(record)
      return null
    },
  }
}
