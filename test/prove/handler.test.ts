import { expect, test } from 'vitest'
import { handler } from './handler.proof.ts'

// The long run is `npm run prove -- handler`.
test('no request makes the handler fail, or changes what is not its sender’s to change', async () => {
  expect(await handler.run({ count: 3000, seed: 1 })).toMatchObject({
    failures: 0,
    pgliteFailures: 0,
  })
}, 60_000)
