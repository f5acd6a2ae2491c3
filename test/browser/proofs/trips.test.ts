import { expect, test } from 'vitest'
import { trips } from '../../prove/trips.proof.ts'

// The long run is `npm run prove -- trips --count N`: here a short one.

test('the trip can be made again and again on one profile, and leaves nothing behind', async () => {
  expect(await trips.run({ count: 2, seed: 1 })).toMatchObject({ failures: 0, trips: 4, left: 0 })
}, 180_000)
