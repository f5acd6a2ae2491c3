import { expect, test } from 'vitest'
import { createRecipients } from '../../src/server/recipients.ts'
import { createFakeBrowser } from './fake-browser.ts'

test('a policy that changes the URL as it looks at it changes nothing of the recipient', () => {
  const policy = (url: URL): boolean => {
    url.port = ''
    url.hostname = 'push.example.com'
    return true
  }
  const { subscription } = createFakeBrowser('https://fcm.googleapis.com:8443/fcm/send/1')
  expect(createRecipients(policy, 10)(subscription)).toMatchObject({
    endpoint: 'https://fcm.googleapis.com:8443/fcm/send/1',
    origin: 'https://fcm.googleapis.com:8443',
    service: 'fcm',
  })
})

test('a subscription is known again by all that it says', () => {
  const recipientOf = createRecipients(undefined, 10)
  const { subscription } = createFakeBrowser('https://push.example.com/1')
  const other = createFakeBrowser('https://push.example.com/1').subscription
  const first = recipientOf(subscription)
  expect(recipientOf(structuredClone(subscription))).toBe(first)
  const moved = { ...subscription, endpoint: 'https://push.example.com/2' }
  expect(recipientOf(moved).endpoint).toBe('https://push.example.com/2')
  const { p256dh } = subscription.keys
  const mixed = { ...subscription, keys: { p256dh, auth: other.keys.auth } }
  expect(recipientOf(mixed).keys.auth).not.toEqual(first.keys.auth)
})

test('no more than so many are known at a time', () => {
  const recipientOf = createRecipients(undefined, 2)
  const [one, two, three] = [1, 2, 3].map(
    (number) => createFakeBrowser(`https://push.example.com/${number}`).subscription,
  )
  if (!one || !two || !three) expect.unreachable()
  const first = recipientOf(one)
  const second = recipientOf(two)
  recipientOf(three)
  expect(recipientOf(two)).toBe(second)
  expect(recipientOf(one)).not.toBe(first)
})
