import { expect, test } from 'vitest'
import { closePrivateNotifications } from '../../src/client/private-notifications.ts'

function registrationShowing(...data: unknown[]) {
  const closed: unknown[] = []
  const notifications = data.map((shown) => ({ data: shown, close: () => closed.push(shown) }))
  const registration = { getNotifications: () => Promise.resolve(notifications) }
  return { closed, registration: registration as unknown as ServiceWorkerRegistration }
}

const forAlice = { pushwell: { v: 1, recipient: 'alice' } }
const forBob = { pushwell: { v: 1, recipient: 'bob' } }
const forAll = { pushwell: { v: 1 } }

test.each([
  ['bob', [forAlice]],
  [null, [forAlice, forBob]],
])('what is for others than %s leaves the screen', async (recipient, expected) => {
  const { closed, registration } = registrationShowing(forAlice, forBob, forAll, null, 'theirs')
  await closePrivateNotifications(registration, recipient)
  expect(closed).toEqual(expected)
})

test('without a worker there is nothing to close', async () => {
  await closePrivateNotifications(undefined, null)
})
