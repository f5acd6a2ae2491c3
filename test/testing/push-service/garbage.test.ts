import { expect, test } from 'vitest'
import { garbage } from '../../prove/garbage.proof.ts'

test('garbage on the port is answered or hung up on, and costs nobody else anything', async () => {
  expect(await garbage.run({ count: 400, seed: 8030 })).toMatchObject({
    failures: 0,
    connections: 400,
    hung: 0,
    unserved: 0,
    lost: 0,
    samples: 10,
  })
}, 30_000)
