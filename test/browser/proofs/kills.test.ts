import { expect, test } from 'vitest'
import { kills } from '../../prove/kills.proof.ts'

// The long run is `npm run prove -- kills --count N`: here a short one.

test('a decision survives the browser’s death, and the backend holds what the browser holds', async () => {
  expect(await kills.run({ count: 1, seed: 1 })).toMatchObject({
    failures: 0,
    firefoxKills: 2,
    chromiumKills: 2,
  })
}, 180_000)
