import { createMemoryStore } from '../../src/server/index.ts'
import { testSubscriptionStore } from './store-conformance.ts'

testSubscriptionStore('createMemoryStore', async () => ({ store: createMemoryStore() }))
