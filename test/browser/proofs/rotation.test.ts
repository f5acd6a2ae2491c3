import { expect, test } from 'vitest'
import { rotation } from '../../prove/rotation.proof.ts'

// The long run is `npm run prove -- rotation --count N`: here a short one.

test('a move of all subscriptions to another key loses and refuses no message', async () => {
  expect(await rotation.run({ count: 4, seed: 1 })).toMatchObject({
    failures: 0,
    firefoxRotated: 4,
    firefoxKills: 1,
    chromiumRotated: 4,
  })
}, 180_000)
