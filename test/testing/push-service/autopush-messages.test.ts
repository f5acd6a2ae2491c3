import { afterEach, beforeEach, expect, test } from 'vitest'
import { startPushService } from '../../../src/testing/push-service/index.ts'
import type { PushService } from '../../../src/testing/push-service/index.ts'
import { channelA, connectBrowser } from './autopush-client.ts'
import { postPush } from './push-sender.ts'

let service: PushService

beforeEach(async () => {
  service = await startPushService()
})

afterEach(async () => {
  await service.close()
})

test('a message arrives with its body, its encoding and a version', async () => {
  const browser = await connectBrowser(service)
  const endpoint = await browser.subscribe(channelA)
  await postPush(endpoint, {}, new Uint8Array([251, 255, 1]))
  const notification = await browser.next('notification')
  expect(notification).toEqual({
    messageType: 'notification',
    channelID: channelA,
    version: service.messages[0]?.id,
    data: '-_8B',
    headers: { encoding: 'aes128gcm' },
  })
})

test('a message without a body arrives with neither data nor headers', async () => {
  const browser = await connectBrowser(service)
  await postPush(await browser.subscribe(channelA))
  const notification = await browser.next('notification')
  expect(Object.keys(notification)).toEqual(['messageType', 'channelID', 'version'])
})

test('a message in the older aesgcm arrives with its salt and its key', async () => {
  const browser = await connectBrowser(service)
  const endpoint = await browser.subscribe(channelA)
  const aesgcm = { 'content-encoding': 'aesgcm', encryption: 'salt=AAAA', 'crypto-key': 'dh=BBBB' }
  expect((await postPush(endpoint, aesgcm, 'body')).status).toBe(201)
  expect((await browser.next('notification'))['headers']).toEqual({
    encoding: 'aesgcm',
    encryption: 'salt=AAAA',
    crypto_key: 'dh=BBBB',
  })
})

test.each([
  [100, 'acknowledged'],
  [101, 'failed'],
  [102, 'failed'],
])('acknowledgement %i makes the message %s', async (code, status) => {
  const browser = await connectBrowser(service)
  await postPush(await browser.subscribe(channelA), {}, 'body')
  browser.ack(await browser.next('notification'), code)
  const message = await service.waitFor((candidate) => candidate.code !== undefined)
  expect(message).toMatchObject({ status, code })
})

test.each([301, 302, 303])('a nack %i after the ack makes the message failed', async (code) => {
  const browser = await connectBrowser(service)
  await postPush(await browser.subscribe(channelA), {}, 'body')
  const notification = await browser.next('notification')
  browser.ack(notification)
  browser.send({ messageType: 'nack', version: notification['version'], code })
  const message = await service.waitFor(({ status }) => status === 'failed')
  expect(message.code).toBe(code)
})

test('what was sent while the browser was away arrives in order when it comes back', async () => {
  const browser = await connectBrowser(service)
  const endpoint = await browser.subscribe(channelA)
  await browser.terminate()
  await expect.poll(() => service.subscriptions[0]?.connected).toBe(false)
  for (const body of ['one', 'two', 'three']) await postPush(endpoint, {}, body)
  expect(service.messages.map(({ status }) => status)).toEqual(['queued', 'queued', 'queued'])
  const again = await connectBrowser(service, browser.uaid)
  const received: string[] = []
  for (let count = 0; count < 3; count++) {
    const { data } = await again.next('notification')
    received.push(Buffer.from(String(data), 'base64url').toString())
  }
  expect(received).toEqual(['one', 'two', 'three'])
})

test('a message that was not acknowledged is sent again, an acknowledged one is not', async () => {
  const browser = await connectBrowser(service)
  const endpoint = await browser.subscribe(channelA)
  await postPush(endpoint, {}, 'taken')
  await postPush(endpoint, {}, 'lost')
  browser.ack(await browser.next('notification'))
  const lost = await browser.next('notification')
  await browser.settle()
  await browser.terminate()
  const again = await connectBrowser(service, browser.uaid)
  expect(await again.next('notification')).toEqual(lost)
  await again.settle()
  expect(again.unread).toEqual([])
  again.ack(lost, 102)
  const message = await service.waitFor(({ id }) => id === lost['version'])
  await again.settle()
  expect(service.messages.find(({ id }) => id === message.id)).toMatchObject({
    status: 'acknowledged',
    code: 102,
    deliveries: 2,
  })
})

test('one browser cannot acknowledge the messages of another', async () => {
  const browser = await connectBrowser(service)
  const stranger = await connectBrowser(service)
  await postPush(await browser.subscribe(channelA), {}, 'body')
  stranger.ack(await browser.next('notification'))
  await stranger.settle()
  expect(service.messages[0]?.status).toBe('sent')
})

test('a late acknowledgement of a message that was replaced under way counts', async () => {
  const browser = await connectBrowser(service)
  const endpoint = await browser.subscribe(channelA)
  await postPush(endpoint, { topic: 'a' }, 'old')
  const old = await browser.next('notification')
  await postPush(endpoint, { topic: 'a' }, 'new')
  expect(service.messages[0]?.status).toBe('replaced')
  browser.ack(old)
  await service.waitFor(({ id, status }) => id === old['version'] && status === 'acknowledged')
})
