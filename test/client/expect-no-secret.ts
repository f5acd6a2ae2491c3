import { expect } from 'vitest'
import { fakeKey } from './fake-page-platform.ts'
import { endpoint } from './start-client.ts'

/** Everything that must not be told to anybody. */
const secrets = [endpoint(''), 'p256dh', 'auth"', fakeKey(1), fakeKey(2), 'ann@example', 'news']

/** Fails when what the client tells somebody has an endpoint, a key or a word of its user in it. */
export function expectNoSecret(told: unknown): void {
  const text = JSON.stringify(told)
  for (const secret of secrets) expect(text).not.toContain(secret)
}
