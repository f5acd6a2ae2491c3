import { once } from 'node:events'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startPushService } from '../../../../src/testing/push-service/index.ts'
import type { PushService } from '../../../../src/testing/push-service/index.ts'
import { authorize, createVapidKeys } from '../vapid-authorization.ts'
import type { VapidKeys } from '../vapid-authorization.ts'
import {
  appData,
  connectChromium,
  frame,
  login,
  openConnection,
  subscribe,
  pushSubtype,
} from './chromium-client.ts'

const dataTag = 8

let service: PushService
let keys: VapidKeys
let endpoint: string

beforeEach(async () => {
  service = await startPushService()
  keys = await createVapidKeys()
  endpoint = await subscribe(service, keys.publicKey)
})

afterEach(() => service.close())

/** Sends as a backend does, and gives the message's id. */
async function post(headers: Record<string, string> = {}, body: string | null = 'body') {
  const authorization = await authorize(endpoint, keys)
  const encoding = body === null ? {} : { 'content-encoding': 'aes128gcm' }
  const all = { ttl: '60', authorization, ...encoding, ...headers }
  const response = await service.fetch(endpoint, { method: 'POST', headers: all, body })
  expect(response.status).toBe(201)
  return response.headers.get('location')?.split('/').at(-1) ?? ''
}

const statuses = () => service.messages.map(({ status }) => status)

describe('a message', () => {
  test('reaches a connected Chromium with all that it needs', async () => {
    const browser = await connectChromium(service)
    const id = await post({ topic: 'news' })
    const message = await browser.next(dataTag)
    const field = (number: number) => message.fields.get(number)?.[0]
    expect([2, 3, 5, 6, 9].map(field)).toEqual([
      id,
      keys.publicKey,
      'org.chromium.linux',
      'news',
      id,
    ])
    expect([10, 11, 17, 24].map(field)).toEqual([2, 1, 60, 1])
    expect(Buffer.from(field(21) as Uint8Array).toString()).toBe('body')
    expect(appData(message)).toEqual({ subtype: pushSubtype, 'content-encoding': 'aes128gcm' })
  })

  test('without a body names no encoding, and without a Topic no token', async () => {
    const browser = await connectChromium(service)
    await post({}, null)
    const message = await browser.next(dataTag)
    expect(appData(message)).toEqual({ subtype: pushSubtype })
    expect(message.fields.has(21)).toBe(false)
    expect(message.fields.has(6)).toBe(false)
  })

  test('in the older encoding carries its headers', async () => {
    const browser = await connectChromium(service)
    const encryption = 'salt=AAAA'
    const headers = { 'content-encoding': 'aesgcm', encryption, 'crypto-key': 'dh=BBBB' }
    await post(headers)
    expect(appData(await browser.next(dataTag))).toEqual({
      subtype: pushSubtype,
      'content-encoding': 'aesgcm',
      encryption,
      'crypto-key': 'dh=BBBB',
    })
  })

  test('is acknowledged when the browser says that it read so far, and not before', async () => {
    const browser = await connectChromium(service)
    await post()
    await post()
    await browser.ping(1)
    expect(statuses()).toEqual(['sent', 'sent'])
    await browser.ping(2)
    expect(statuses()).toEqual(['acknowledged', 'sent'])
    await browser.ping(3)
    expect(statuses()).toEqual(['acknowledged', 'acknowledged'])
    expect(service.messages[0]?.code).toBe(100)
  })

  test('that was sent while the browser was away waits for it', async () => {
    const id = await post()
    expect(statuses()).toEqual(['queued'])
    const browser = await connectChromium(service)
    expect((await browser.next(dataTag)).fields.get(9)).toEqual([id])
  })

  test('without a receipt is sent again at the next login', async () => {
    const first = await connectChromium(service)
    const id = await post()
    await first.next(dataTag)
    await first.terminate()
    const second = await connectChromium(service)
    expect((await second.next(dataTag)).fields.get(9)).toEqual([id])
    expect(service.messages[0]?.deliveries).toBe(2)
  })

  test('that the login lists as received is acknowledged and not sent again', async () => {
    const first = await connectChromium(service)
    const [id, other] = [await post(), await post()]
    await first.next(dataTag)
    await first.terminate()
    const second = await connectChromium(service, '4711', [id, 'unknown'])
    expect((await second.next(dataTag)).fields.get(9)).toEqual([other])
    await second.ping()
    expect(second.unread).toEqual([])
    expect(statuses()).toEqual(['acknowledged', 'sent'])
  })

  test('is not acknowledged by another browser’s list', async () => {
    const browser = await connectChromium(service)
    const id = await post()
    await browser.next(dataTag)
    await connectChromium(service, '1234', [id])
    expect(statuses()).toEqual(['sent'])
  })

  test.each(['fcm/send', 'wp', 'preprod/wp'])('may be sent to /%s/…', async (path) => {
    const browser = await connectChromium(service)
    endpoint = endpoint.replace(
      'https://jmt17.google.com/fcm/send',
      `https://fcm.googleapis.com/${path}`,
    )
    await post()
    await browser.next(dataTag)
    service.expire(endpoint)
    expect(service.subscriptions[0]?.live).toBe(false)
  })
})

describe('a connection', () => {
  test('answers each ping, and counts what it read', async () => {
    const browser = await connectChromium(service)
    expect([...(await browser.ping()).fields]).toEqual([
      [1, [2]],
      [2, [2]],
    ])
    expect([...(await browser.ping()).fields]).toEqual([
      [1, [3]],
      [2, [3]],
    ])
  })

  test('shows as connected while it lasts', async () => {
    const browser = await connectChromium(service)
    expect(service.subscriptions[0]?.connected).toBe(true)
    service.disconnect()
    await browser.closed
    expect(service.subscriptions[0]?.connected).toBe(false)
  })

  test('of the same browser takes the place of the earlier one', async () => {
    const first = await connectChromium(service)
    const second = await connectChromium(service)
    await first.closed
    await post()
    await second.next(dataTag)
  })

  test('survives rotate() as that of a browser without subscriptions', async () => {
    const first = await connectChromium(service)
    service.rotate()
    await first.closed
    const second = await connectChromium(service)
    endpoint = await subscribe(service, keys.publicKey)
    await post()
    await second.next(dataTag)
    expect(service.subscriptions.map(({ live }) => live)).toEqual([false, true])
  })

  test.each([
    ['a second login', 2, login('4711')],
    ['a tag that only the service sends', 3, new Uint8Array()],
    ['a tag that nobody knows', 200, new Uint8Array()],
    ['a message that is no protobuf', 7, Uint8Array.of(0xff)],
    ['its end', 4, new Uint8Array()],
  ])('is ended by %s, and no other is', async (_, tag, message) => {
    const other = await connectChromium(service, '1234')
    const browser = await connectChromium(service)
    browser.send(tag, message)
    await browser.closed
    await other.ping()
  })

  test.each([
    ['nobody’s login', [41, ...frame(2, new Uint8Array())]],
    ['a login by a name', [41, ...frame(2, login('alice'))]],
    ['a ping before the login', [41, ...frame(0, new Uint8Array())]],
    ['a length without an end', [41, 2, 255, 255, 255, 255, 255, 255]],
  ])('that begins with %s is ended', async (_, octets) => {
    const socket = await openConnection(service)
    socket.resume().write(Uint8Array.from(octets))
    await once(socket, 'close')
    await connectChromium(service)
  })
})
