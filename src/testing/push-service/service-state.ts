import { encodeBase64url } from '../../shared/base64url.ts'
import { createAnswerLog } from './answer-log.ts'
import type { AnswerLog } from './answer-log.ts'
import { createDelivery } from './delivery.ts'
import type { Delivery } from './delivery.ts'
import type { JournalFile } from './journal-file.ts'
import { createMessageStore } from './message-store.ts'
import type { MessageStore } from './message-store.ts'
import { createMessageWatch } from './message-watch.ts'
import type { MessageWatch } from './message-watch.ts'
import { createServiceFaults } from './service-faults.ts'
import type { ServiceFaults } from './service-faults.ts'
import type { ServiceMessage } from './service-message.ts'
import { openStateJournal } from './state-journal.ts'
import type { StateJournal } from './state-journal.ts'
import { createSubscriptionRegistry } from './subscription-registry.ts'
import type { RegistryChange, SubscriptionRegistry } from './subscription-registry.ts'

const storeLimits = { pendingPerEndpoint: 1000, pending: 200_000, settled: 10_000 }
const registryLimits = {
  maxDevices: 10_000,
  maxSubscriptionsPerDevice: 1000,
  maxSubscriptions: 200_000,
  maxEnded: 10_000,
}
const maxAnswers = 10_000

/** All that a push service knows and does, whatever it is connected to. */
export interface ServiceState {
  readonly registry: SubscriptionRegistry
  readonly store: MessageStore
  readonly delivery: Delivery
  readonly watch: MessageWatch
  readonly faults: ServiceFaults
  readonly log: AnswerLog
  /** `null` when nothing outlives the service. */
  readonly journal: StateJournal | null
}

/** What a state is made of. */
export interface ServiceStateOptions {
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Gives a number from 0 up to, not including, 1. */
  readonly random: () => number
  /** Where the state is kept over restarts; `null` for nowhere. */
  readonly file: JournalFile | null
}

/** Makes the state of a service, or reads it from where an earlier run kept it. */
export function createServiceState({ now, random, file }: ServiceStateOptions): ServiceState {
  const journal: StateJournal | null =
    file &&
    openStateJournal(file, () => ({
      devices: registry.devices,
      subscriptions: registry.subscriptions,
      messages: store.messages,
    }))
  const registry = createSubscriptionRegistry({
    newToken: () => encodeBase64url(crypto.getRandomValues(new Uint8Array(32))),
    ...registryLimits,
    ...(journal && { saved: journal.saved }),
    onChange: (change: RegistryChange) => journal?.registryChanged(change),
  })
  const store = createMessageStore(storeLimits, journal?.saved.messages)
  const watch = createMessageWatch()
  const faults = createServiceFaults(random)
  const onChange = (message: ServiceMessage) => {
    journal?.messageChanged(message)
    watch.changed(message)
  }
  const delivery = createDelivery({ store, registry, faults, now, random, onChange })
  return { registry, store, delivery, watch, faults, log: createAnswerLog(maxAnswers), journal }
}
