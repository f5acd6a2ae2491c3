import { isPending, settleMessage } from './service-message.ts'
import type { MessageDraft, ServiceMessage, ServiceMessageStatus } from './service-message.ts'

/** How much a {@link MessageStore} holds. */
export interface MessageStoreLimits {
  /** Messages that wait for one endpoint. */
  readonly pendingPerEndpoint: number
  /** Messages that wait for all endpoints together. */
  readonly pending: number
  /** Messages kept for reading after they are settled; the oldest go first. */
  readonly settled: number
}

/**
 * The messages of a push service. No clock, no events and no connection of its own: every method
 * takes the time that it needs and gives back the records that it changed.
 *
 * - Must keep a pending message until it is acknowledged, expires, is replaced or is cancelled.
 * - Must never hand out a message again that was acknowledged.
 */
export interface MessageStore {
  /** All records, oldest first, as they stand now. */
  readonly messages: readonly ServiceMessage[]
  get(id: string): ServiceMessage | undefined
  /** Tells whether the endpoint can take no more messages. Call {@link expire} before. */
  isFull(endpoint: string): boolean
  /** Adds a message as `queued`, and replaces a pending one with the same Topic. */
  put(draft: MessageDraft): readonly ServiceMessage[]
  /** Adds a message as `swallowed`: it touches no other. */
  swallow(draft: MessageDraft): readonly ServiceMessage[]
  /** The endpoint's messages that are due to be sent, oldest first. Call {@link expire} before. */
  queued(endpoint: string): readonly ServiceMessage[]
  /** `queued` → `sent`, handed over so many times, with a changed body or not. */
  markSent(
    id: string,
    handedOver?: { readonly copies: number; readonly isCorrupted: boolean },
  ): readonly ServiceMessage[]
  /** Counts one more delivery of a message that was delivered before. */
  markRepeated(id: string): readonly ServiceMessage[]
  /** `sent` → `queued`: the connection dropped before the acknowledgement. */
  requeue(endpoint: string): readonly ServiceMessage[]
  /** Takes the browser's word on a message that it was sent. */
  settle(id: string, code: number): readonly ServiceMessage[]
  /** Pending → `cancelled`. */
  cancel(id: string): readonly ServiceMessage[]
  /** Cancels everything that waits for an endpoint. */
  cancelAll(endpoint: string): readonly ServiceMessage[]
  /**
   * Queued messages whose time is over → `expired`, of one endpoint or of all. One that is under
   * way is left to its browser.
   */
  expire(now: number, endpoint?: string): readonly ServiceMessage[]
}

/**
 * Makes a store.
 *
 * @param saved - Messages of an earlier run that still wait, oldest first.
 */
export function createMessageStore(
  limits: MessageStoreLimits,
  saved: readonly ServiceMessage[] = [],
): MessageStore {
  const records = new Map<string, ServiceMessage>()
  const pending = new Map<string, Set<string>>()
  const settled = new Set<string>()
  let pendingCount = 0

  function write(record: ServiceMessage): ServiceMessage {
    records.set(record.id, record)
    if (isPending(record)) {
      const ids = pending.get(record.endpoint) ?? new Set()
      if (!ids.has(record.id)) pendingCount += 1
      pending.set(record.endpoint, ids.add(record.id))
    } else {
      forgetPending(record)
      settled.add(record.id)
      forgetOldest()
    }
    return record
  }

  function forgetPending({ endpoint, id }: ServiceMessage): void {
    const ids = pending.get(endpoint)
    if (ids?.delete(id)) pendingCount -= 1
    if (ids?.size === 0) pending.delete(endpoint)
  }

  function forgetOldest(): void {
    for (const id of settled) {
      if (settled.size <= limits.settled) return
      settled.delete(id)
      records.delete(id)
    }
  }

  function waiting(endpoint: string): ServiceMessage[] {
    return [...(pending.get(endpoint) ?? [])].flatMap((id) => records.get(id) ?? [])
  }

  function move(
    from: (record: ServiceMessage) => boolean,
    to: ServiceMessageStatus,
    candidates: readonly (ServiceMessage | undefined)[],
  ): ServiceMessage[] {
    return candidates.flatMap((record) =>
      record && from(record) ? write({ ...record, status: to }) : [],
    )
  }

  const create = (draft: MessageDraft, status: ServiceMessageStatus): ServiceMessage =>
    write({ ...draft, status, expiresAt: draft.receivedAt + draft.ttl * 1000, deliveries: 0 })

  for (const message of saved) write({ ...message, status: 'queued' })

  return {
    get messages() {
      return [...records.values()]
    },
    get: (id) => records.get(id),
    isFull: (endpoint) =>
      (pending.get(endpoint)?.size ?? 0) >= limits.pendingPerEndpoint ||
      pendingCount >= limits.pending,
    put(draft) {
      const hasTopic = ({ topic }: ServiceMessage) => topic === draft.topic
      const earlier = draft.topic === undefined ? [] : waiting(draft.endpoint)
      const replaced = move(hasTopic, 'replaced', earlier)
      return [...replaced, create(draft, 'queued')]
    },
    swallow: (draft) => [create(draft, 'swallowed')],
    queued: (endpoint) => waiting(endpoint).filter(({ status }) => status === 'queued'),
    markSent(id, { copies, isCorrupted } = { copies: 1, isCorrupted: false }) {
      const record = records.get(id)
      if (record?.status !== 'queued') return []
      const { isCorrupted: _, ...rest } = record
      const deliveries = record.deliveries + copies
      return [write({ ...rest, status: 'sent', deliveries, ...(isCorrupted && { isCorrupted }) })]
    },
    markRepeated(id) {
      const record = records.get(id)
      return record ? [write({ ...record, deliveries: record.deliveries + 1 })] : []
    },
    requeue: (endpoint) => move(({ status }) => status === 'sent', 'queued', waiting(endpoint)),
    settle(id, code) {
      const record = records.get(id)
      return record && record.deliveries > 0 ? [write(settleMessage(record, code))] : []
    },
    cancel: (id) => move(isPending, 'cancelled', [records.get(id)]),
    cancelAll: (endpoint) => move(isPending, 'cancelled', waiting(endpoint)),
    expire(now, endpoint) {
      const isOver = ({ status, expiresAt }: ServiceMessage) =>
        status === 'queued' && expiresAt <= now
      const endpoints = endpoint === undefined ? [...pending.keys()] : [endpoint]
      return move(isOver, 'expired', endpoints.flatMap(waiting))
    },
  }
}
