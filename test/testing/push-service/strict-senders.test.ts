import { createECDH, randomBytes } from 'node:crypto'
import { Agent } from 'node:https'
import { expect, test } from 'vitest'
import webPush from 'web-push'
import { createPushSender } from '../../../src/server/index.ts'
import { startPushService } from '../../../src/testing/push-service/index.ts'
import type { PushService, ServiceMannerName } from '../../../src/testing/push-service/index.ts'
import { connectBrowser } from './autopush-client.ts'
import { createBody } from './encrypted-push.ts'
import { postPush, request } from './push-sender.ts'

async function subscribeEncrypted(strict: PushService) {
  const vapid = webPush.generateVAPIDKeys()
  const browser = await connectBrowser(strict)
  const ecdh = createECDH('prime256v1')
  const p256dh = ecdh.generateKeys().toString('base64url')
  const auth = randomBytes(16).toString('base64url')
  const to = await browser.subscribe('encrypted', `${vapid.publicKey}=`)
  return { vapid, subscription: { endpoint: to, keys: { p256dh, auth } } }
}

test.each<ServiceMannerName>(['mozilla', 'fcm', 'apple', 'wns'])(
  'Pushwell’s sender pleases the strict service in the manner of %s',
  async (manner) => {
    await using strict = await startPushService({ strict: true, manner })
    const { vapid, subscription } = await subscribeEncrypted(strict)
    const sender = createPushSender({
      vapid: { subject: 'mailto:ops@example.com', ...vapid },
      endpoints: () => true,
    })
    for (const title of ['one', 'two', 'é'.repeat(1000)]) {
      const message = { type: 'text', data: { title } }
      const outcome = await sender.send(subscription, message, { ttl: 60, urgency: 'high' })
      expect(outcome.status).toBe('accepted')
    }
    expect(strict.messages).toHaveLength(3)
  },
)

test('npm web-push pleases the strict service with aes128gcm, and not with aesgcm', async () => {
  await using strict = await startPushService({ strict: true })
  const { vapid, subscription } = await subscribeEncrypted(strict)
  const agent = new Agent({ ca: strict.certificate })
  const vapidDetails = { subject: 'mailto:a@example.com', ...vapid }
  const options = { vapidDetails, TTL: 60, agent }
  const sent = await webPush.sendNotification(subscription, 'hello', options)
  expect(sent.statusCode).toBe(201)
  const older = webPush.sendNotification(subscription, 'hello', {
    ...options,
    contentEncoding: 'aesgcm',
  })
  // It comes with the drafts’ scheme, which is seen first.
  await expect(older).rejects.toMatchObject({ statusCode: 401 })
})

test.each<[ServiceMannerName, number]>([
  ['fcm', 400],
  ['apple', 400],
  ['wns', 400],
])('the reason stands in the body in words in the manner of %s', async (manner, status) => {
  await using strict = await startPushService({ strict: true, manner })
  const browser = await connectBrowser(strict)
  const answer = await postPush(await browser.subscribe('a'), {}, createBody({ recordSize: 1 }))
  expect(answer.status).toBe(status)
  expect(answer.text).toContain('18 is the least')
  expect((await request('GET', `${strict.url}/nothing`)).text).toContain('no such endpoint')
})
