import { expect, test } from 'vitest'
import { million } from './million.proof.ts'
import { outcomes } from './outcomes.proof.ts'

// The long runs are `npm run prove -- NAME --count N`: here a short count of each.

test('sending to many gives each one outcome, in the order of progress', async () => {
  expect(await million.run({ count: 3000, seed: 1 })).toMatchObject({
    failures: 0,
    results: 3000,
    retry: 0,
    rejected: 0,
    lost: 0,
    disordered: 0,
    unhandled: 0,
  })
}, 60_000)

test('each outcome is what the push service did last, whatever it fails with', async () => {
  expect(await outcomes.run({ count: 400, seed: 1 })).toMatchObject({ failures: 0, missing: 0 })
}, 60_000)
