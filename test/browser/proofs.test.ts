import { expect, test } from 'vitest'
import { burst } from '../prove/burst.proof.ts'
import { kills } from '../prove/kills.proof.ts'
import { once } from '../prove/once.proof.ts'
import { outage } from '../prove/outage.proof.ts'
import { rotation } from '../prove/rotation.proof.ts'
import { silence } from '../prove/silence.proof.ts'
import { trips } from '../prove/trips.proof.ts'

// The long runs are `npm run prove -- NAME --count N`: here a short count of each.

test('the trip can be made again and again on one profile, and leaves nothing behind', async () => {
  expect(await trips.run({ count: 2, seed: 1 })).toMatchObject({ failures: 0, trips: 4, left: 0 })
}, 180_000)

test('a burst of messages comes through once each, and doubled deliveries are recorded', async () => {
  expect(await burst.run({ count: 30, seed: 1 })).toMatchObject({
    failures: 0,
    firefoxDoubles: 3,
    chromiumDoubles: 3,
  })
}, 180_000)

test('a message that is delivered again is shown once, also when workers are stopped meanwhile', async () => {
  expect(await once.run({ count: 20, seed: 1 })).toMatchObject({
    failures: 0,
    firefoxShown: 20,
    chromiumShown: 20,
  })
}, 180_000)

test('a move of all subscriptions to another key loses and refuses no message', async () => {
  expect(await rotation.run({ count: 4, seed: 1 })).toMatchObject({
    failures: 0,
    firefoxRotated: 4,
    firefoxKills: 1,
    chromiumRotated: 4,
  })
}, 180_000)

test('a decision survives the browser’s death, and the backend holds what the browser holds', async () => {
  expect(await kills.run({ count: 1, seed: 1 })).toMatchObject({
    failures: 0,
    firefoxKills: 2,
    chromiumKills: 2,
  })
}, 180_000)

test('what the user decides while the backend is out of reach arrives once it is back, once', async () => {
  expect(await outage.run({ count: 1, seed: 1 })).toMatchObject({
    failures: 0,
    firefoxTrials: 8,
    chromiumTrials: 8,
  })
}, 180_000)

test('whatever is pushed and whatever fails, each message ends as one notification', async () => {
  expect(await silence.run({ count: 15, seed: 1 })).toMatchObject({
    failures: 0,
    harnessCases: 315,
    firefoxCases: 15,
    chromiumCases: 15,
  })
}, 180_000)
