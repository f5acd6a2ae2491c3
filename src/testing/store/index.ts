export { checkSubscriptionStore } from './check-subscription-store.ts'
export { subscriptionStoreCases } from './store-cases.ts'
export type { StoreCase, StoreUnderTest } from './store-case.ts'
