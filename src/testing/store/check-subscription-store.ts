import { subscriptionStoreCases } from './store-cases.ts'
import type { StoreUnderTest } from './store-case.ts'

/**
 * Holds a store of your own against the whole contract of a `SubscriptionStore`. For one test a
 * promise, see `subscriptionStoreCases`.
 *
 * @param open - Called for each case: gives an empty store.
 * @throws AggregateError that names every promise that the store does not keep, with the reasons as
 * its `errors`.
 *
 * @example
 * test('my store keeps the contract', () => checkSubscriptionStore(async () => ({ store: createMyStore() })))
 */
export async function checkSubscriptionStore(open: () => Promise<StoreUnderTest>): Promise<void> {
  const broken: string[] = []
  const reasons: unknown[] = []
  for (const { name, run } of subscriptionStoreCases) {
    const opened = await open()
    try {
      await run(opened.store)
    } catch (reason) {
      broken.push(name)
      reasons.push(reason)
    } finally {
      await opened.close?.()
    }
  }
  if (broken.length === 0) return
  const list = broken.map((name) => `\n- ${name}`).join('')
  throw new AggregateError(reasons, `The store breaks its contract. It does not do this:${list}`)
}
