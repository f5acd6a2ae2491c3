import { expect, test } from 'vitest'
import { outage } from '../../prove/outage.proof.ts'

// The long run is `npm run prove -- outage --count N`: here a short one.

test('what the user decides while the backend is out of reach arrives once it is back, once', async () => {
  expect(await outage.run({ count: 1, seed: 1 })).toMatchObject({
    failures: 0,
    firefoxTrials: 8,
    chromiumTrials: 8,
  })
}, 180_000)
