import type { SubscriptionStore } from '../../server/index.ts'

/** A store under test, and how to take it down. */
export interface StoreUnderTest {
  readonly store: SubscriptionStore
  close?(): Promise<void>
}

/** One promise of the contract of a `SubscriptionStore`. */
export interface StoreCase {
  /** A sentence of what the store does. */
  readonly name: string
  /**
   * Holds a store against it.
   *
   * @param store - Empty.
   * @throws AssertionError when the store does otherwise; or what the store threw.
   */
  readonly run: (store: SubscriptionStore) => Promise<void>
}
