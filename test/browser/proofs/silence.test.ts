import { expect, test } from 'vitest'
import { silence } from '../../prove/silence.proof.ts'

// The long run is `npm run prove -- silence --count N`: here a short one.

test('whatever is pushed and whatever fails, each message ends as one notification', async () => {
  expect(await silence.run({ count: 15, seed: 1 })).toMatchObject({
    failures: 0,
    harnessCases: 315,
    firefoxCases: 15,
    chromiumCases: 15,
  })
}, 180_000)
