import { once } from 'node:events'
import { Agent, request } from 'node:https'
import type { IncomingMessage } from 'node:http'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createECDH, randomBytes } from 'node:crypto'
import webPush from 'web-push'
import { WebSocket } from 'ws'
import { startPushService } from '../../../src/testing/push-service/index.ts'
import type { PushService } from '../../../src/testing/push-service/index.ts'
import { connectBrowser } from './autopush-client.ts'

let service: PushService
let agent: Agent

beforeEach(async () => {
  service = await startPushService()
  agent = new Agent({ ca: service.certificate, keepAlive: true })
})

afterEach(async () => {
  agent.destroy()
  await service.close()
})

async function subscribeForWebPush() {
  const vapid = webPush.generateVAPIDKeys()
  const browser = await connectBrowser(service)
  const endpoint = await browser.subscribe('channel', `${vapid.publicKey}=`)
  const ecdh = createECDH('prime256v1')
  const p256dh = ecdh.generateKeys().toString('base64url')
  const auth = randomBytes(16).toString('base64url')
  const vapidDetails = { subject: 'mailto:a@example.com', ...vapid }
  return { browser, vapidDetails, subscription: { endpoint, keys: { p256dh, auth } } }
}

test.each(['aes128gcm', 'aesgcm'] as const)(
  'npm web-push sends unchanged over TLS with %s',
  async (contentEncoding) => {
    const { browser, vapidDetails, subscription } = await subscribeForWebPush()
    const options = { vapidDetails, TTL: 60, agent, contentEncoding }
    const result = await webPush.sendNotification(subscription, 'hello', options)
    expect(result.statusCode).toBe(201)
    expect(result.headers['location']).toMatch(/^https:\/\/localhost:\d+\/m\/[\w-]+$/)
    const notification = await browser.next('notification')
    expect(notification['headers']).toMatchObject({ encoding: contentEncoding })
    browser.ack(notification)
    await service.waitFor(({ status }) => status === 'acknowledged')
  },
)

test('npm web-push is told of a wrong key', async () => {
  const { subscription } = await subscribeForWebPush()
  const vapidDetails = { subject: 'mailto:a@example.com', ...webPush.generateVAPIDKeys() }
  const sending = webPush.sendNotification(subscription, 'hello', { vapidDetails, TTL: 60, agent })
  await expect(sending).rejects.toMatchObject({ statusCode: 401 })
})

test.each(['localhost', '127.0.0.1'])('the certificate is good for %s', async (host) => {
  const { port } = new URL(service.url)
  const outgoing = request({ host, port, path: '/wpush/v1/none', method: 'POST', agent }).end()
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage]
  response.resume()
  expect(response.statusCode).toBe(404)
})

test('a sender that does not trust the certificate is not served, others are', async () => {
  const { port } = new URL(service.url)
  const outgoing = request({ host: 'localhost', port, agent: false }).end()
  const [error] = (await once(outgoing, 'error')) as [Error & { code: string }]
  expect(error.code).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE')
  await connectBrowser(service)
})

test('browsers may connect over wss as well', async () => {
  const url = service.webSocketUrl.replace('ws:', 'wss:')
  const socket = new WebSocket(url, 'push-notification', { ca: service.certificate })
  await once(socket, 'open')
  socket.send(JSON.stringify({ messageType: 'hello', use_webpush: true }))
  const [data] = (await once(socket, 'message')) as [Buffer]
  expect(JSON.parse(data.toString())).toMatchObject({ messageType: 'hello', status: 200 })
})
