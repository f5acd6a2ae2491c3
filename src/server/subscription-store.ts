import type { ClientDescription } from '../shared/protocol.ts'
import type { PushSubscriptionData } from '../shared/subscription.ts'

/** One subscription as a backend keeps it. JSON throughout. */
export interface SubscriptionRecord {
  /** SHA-256 of the endpoint in 64 lower-case hexadecimal digits: the primary key. */
  readonly id: string
  readonly subscription: PushSubscriptionData
  /** The VAPID public key that it was made with, base64url. Only that pair can send to it. */
  readonly applicationServerKey: string
  /** Who is signed in on the device, as `authorize` said; `null` for nobody. */
  readonly recipient: string | null
  readonly tags: readonly string[]
  readonly client: ClientDescription
  /** Milliseconds since 1970. A subscription keeps it when it takes the place of another. */
  readonly createdAt: number
  /** Milliseconds since 1970 of the last PUT: when this device was last known to be there. */
  readonly updatedAt: number
}

/** Which records `list` gives: those that fit everything that is set. */
export interface SubscriptionFilter {
  readonly recipient?: string
  readonly tag?: string
}

/**
 * Where a backend keeps its subscriptions. A store keeps records and decides nothing: who may do
 * what, and what a record says, is the handler's.
 *
 * Every method rejects when the store cannot be reached; the handler then answers 503, and the
 * browser tries again later.
 */
export interface SubscriptionStore {
  /**
   * Keeps a record in the place of any with the same `id`.
   *
   * - Must keep the record whole, as given.
   * - Must have removed the record that `replaces` names, if there is one, in the same step: no
   *   reader may see both or neither, and a failure must leave everything as it was.
   * - Must be durable when the promise resolves: the browser forgets its own copy then.
   *
   * @param options - `replaces`: the `id` of the record whose place this one takes; its own
   * `id` means nothing.
   */
  put(record: SubscriptionRecord, options?: { readonly replaces?: string }): Promise<void>

  /**
   * Removes a record; one that is not there is no failure.
   *
   * @param options - With `recipient`, a record of somebody else stays: only one whose `recipient`
   * is the same, or `null`, is removed. The comparison and the removal must be one step. Without,
   * whatever has this `id` is removed, as after the outcome `gone`.
   */
  remove(id: string, options?: { readonly recipient: string | null }): Promise<void>

  /** Gives a record, or `null`. */
  get(id: string): Promise<SubscriptionRecord | null>

  /**
   * Gives every record that fits, in any order, without holding them all in memory.
   *
   * - Must give a record that is there from beginning to end exactly once; one that comes or goes
   *   meanwhile may be given or not.
   * - Must allow `remove` and `put` while it runs, and to be left early.
   */
  list(filter?: SubscriptionFilter): AsyncIterable<SubscriptionRecord>
}
