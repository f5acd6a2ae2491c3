import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startPushService } from '../../../../src/testing/push-service/index.ts'
import type { PushService } from '../../../../src/testing/push-service/index.ts'
import { connectBrowser } from '../autopush-client.ts'
import { authorize, createVapidKeys } from '../vapid-authorization.ts'
import { subscribe } from './chromium-client.ts'

let service: PushService

beforeEach(async () => {
  service = await startPushService()
})

afterEach(() => service.close())

describe('service.fetch', () => {
  test('brings a request for either browser’s endpoint to the service', async () => {
    const keys = await createVapidKeys()
    const firefox = await connectBrowser(service)
    for (const endpoint of [
      await subscribe(service, keys.publicKey),
      await firefox.subscribe('channel', keys.publicKey),
    ]) {
      const headers = { ttl: '60', authorization: await authorize(endpoint, keys) }
      expect((await service.fetch(endpoint, { method: 'POST', headers })).status).toBe(201)
    }
    expect(service.messages).toHaveLength(2)
  })

  test('takes a URL and a Request as well', async () => {
    const keys = await createVapidKeys()
    const endpoint = await subscribe(service, keys.publicKey)
    const headers = {
      ttl: '60',
      'content-encoding': 'aes128gcm',
      authorization: await authorize(endpoint, keys),
    }
    const init = { method: 'POST', headers, body: 'body' }
    expect((await service.fetch(new URL(endpoint), init)).status).toBe(201)
    expect((await service.fetch(new Request(endpoint, init))).status).toBe(201)
    expect(service.messages.map(({ body }) => Buffer.from(body).toString())).toEqual([
      'body',
      'body',
    ])
  })

  test('is told of an endpoint that there is not', async () => {
    const response = await service.fetch('https://fcm.googleapis.com/fcm/send/none', {
      method: 'POST',
    })
    expect(response.status).toBe(404)
  })

  test.each([
    'https://updates.push.services.mozilla.com/wpush/v2/x',
    'https://fcm.googleapis.com:444/fcm/send/x',
    'http://fcm.googleapis.com/fcm/send/x',
    'https://fcm.googleapis.com.example/fcm/send/x',
    'http://127.0.0.1:1/',
  ])('refuses %s', async (url) => {
    await expect(service.fetch(url)).rejects.toMatchObject({
      name: 'RangeError',
      code: 'endpoint-refused',
    })
  })
})
