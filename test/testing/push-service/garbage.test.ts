import { expect, test } from 'vitest'
import { garbage } from '../../prove/garbage.proof.ts'

test('garbage on the port is answered or hung up on, and costs nobody else anything', async () => {
  expect(await garbage({ count: 300, seed: 8030 })).toMatchObject({
    failures: 0,
    connections: 300,
    hung: 0,
    unserved: 0,
    lost: 0,
  })
}, 30_000)
