import { test } from 'vitest'
import { createMemoryStore } from '../../src/server/index.ts'
import { subscriptionStoreCases } from '../../src/testing/index.ts'

test.each(subscriptionStoreCases)('createMemoryStore $name', ({ run }) => run(createMemoryStore()))
