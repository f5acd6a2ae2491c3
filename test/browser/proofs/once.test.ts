import { expect, test } from 'vitest'
import { once } from '../../prove/once.proof.ts'

// The long run is `npm run prove -- once --count N`: here a short one.

test('a message that is delivered again is shown once, also when workers are stopped meanwhile', async () => {
  expect(await once.run({ count: 20, seed: 1 })).toMatchObject({
    failures: 0,
    firefoxShown: 20,
    chromiumShown: 20,
  })
}, 180_000)
