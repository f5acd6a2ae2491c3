import { expect, test } from 'vitest'
import { createSaltSource } from '../../src/server-node/salt-source.ts'

test('each salt is 16 octets of its own, however many there are', () => {
  const nextSalt = createSaltSource()
  const salts = Array.from({ length: 1000 }, nextSalt)
  expect(salts.every(({ length }) => length === 16)).toBe(true)
  expect(new Set(salts.map((salt) => Buffer.from(salt).toString('hex')))).toHaveProperty(
    'size',
    1000,
  )
})
