import { expect, test } from 'vitest'
import { burst } from '../../prove/burst.proof.ts'

// The long run is `npm run prove -- burst --count N`: here a short one.

test('a burst of messages comes through once each, and doubled deliveries are recorded', async () => {
  expect(await burst.run({ count: 30, seed: 1 })).toMatchObject({
    failures: 0,
    firefoxDoubles: 3,
    chromiumDoubles: 3,
  })
}, 180_000)
