import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { MessageContent } from '../../src/shared/message-content.ts'
import type { WireMessage } from '../../src/shared/message-format.ts'
import { writeMessage } from '../../src/shared/write-message.ts'

const schemaUrl = new URL('../../docs/message.schema.json', import.meta.url)
const schema = JSON.parse(readFileSync(schemaUrl, 'utf8'))
const isValid = new Ajv2020({ strict: true, formats: { 'uri-reference': true } }).compile(schema)

const stamp = { id: 'id-1', sentAt: 1000, expiresAt: 2000 }

function write(message: MessageContent): WireMessage {
  const text = writeMessage(message, stamp)
  const wire: unknown = JSON.parse(text)
  expect(isValid(wire), JSON.stringify(isValid.errors)).toBe(true)
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(3993)
  return wire as WireMessage
}

describe('writeMessage', () => {
  test('writes a declarative message with the envelope beside it', () => {
    const wire = write({
      type: 'order.shipped',
      data: { orderId: '42' },
      notification: {
        title: 'On its way',
        navigate: '/orders/42',
        body: 'Tomorrow.',
        actions: [
          { action: 'track', title: 'Track', navigate: '/track/42' },
          { action: 'open', title: 'Open' },
        ],
      },
      recipient: 'user-42',
      group: 'orders',
      close: ['order-41'],
      appBadge: 3,
      mutable: false,
    })
    expect(wire).toEqual({
      web_push: 8030,
      notification: {
        title: 'On its way',
        navigate: '/orders/42',
        body: 'Tomorrow.',
        actions: [
          { action: 'track', title: 'Track', navigate: '/track/42' },
          { action: 'open', title: 'Open', navigate: '/orders/42' },
        ],
        mutable: false,
        app_badge: 3,
      },
      mutable: false,
      app_badge: 3,
      pushwell: {
        v: 1,
        id: 'id-1',
        type: 'order.shipped',
        data: { orderId: '42' },
        recipient: 'user-42',
        sentAt: 1000,
        expiresAt: 2000,
        group: 'orders',
        close: ['order-41'],
      },
    })
  })

  test('leads a click to the root of the app, and lets the worker have its say, unless told otherwise', () => {
    const { notification, mutable } = write({ notification: { title: 'Hello' } })
    expect(notification).toEqual({ title: 'Hello', navigate: './', mutable: true })
    expect(mutable).toBe(true)
  })

  test('writes no declarative part for a message without a notification', () => {
    expect(write({ type: 'sync', appBadge: 0 })).toEqual({
      app_badge: 0,
      pushwell: { v: 1, id: 'id-1', type: 'sync', sentAt: 1000, expiresAt: 2000 },
    })
  })

  test('writes what is shown when it is out of date, and when that is', () => {
    const stale = { title: 'You missed a call', actions: [{ action: 'back', title: 'Call back' }] }
    const { pushwell } = write({ notification: { title: 'A call' }, stale, expiresAt: 1500 })
    expect(pushwell).toMatchObject({
      expiresAt: 1500,
      stale: {
        title: 'You missed a call',
        navigate: './',
        actions: [{ action: 'back', title: 'Call back', navigate: './' }],
      },
    })
  })

  test('writes the keys and the arguments of its texts', () => {
    const localized = {
      title: { key: 'items', args: { count: 3 } },
      body: { key: 'eta', args: { at: '2027-01-01' } },
      actions: { track: { key: 'track' } },
      stale: { title: { key: 'late' } },
    }
    expect(write({ localized }).pushwell.localized).toEqual(localized)
  })

  test("takes the message's own id before the stamp's", () => {
    expect(write({ id: 'mine' }).pushwell.id).toBe('mine')
  })

  test('cuts a long body between characters as readers see them', () => {
    const family = '👨‍👩‍👧‍👦'
    const { notification } = write({
      notification: { title: 'Hello', body: family.repeat(1000) },
    })
    expect(notification?.body).toMatch(new RegExp(`^(${family})+…$`, 'u'))
    expect(notification?.body?.length).toBeGreaterThan(1000)
  })

  test('fills the limit to the last octet before it cuts', () => {
    const withBody = (length: number): string =>
      writeMessage({ notification: { title: 'Hello', body: 'x'.repeat(length) } }, stamp)
    const room = 3993 - Buffer.byteLength(withBody(0))
    expect(withBody(room)).not.toContain('…')
    expect(Buffer.byteLength(withBody(room))).toBe(3993)
    expect(withBody(room + 1)).toContain(`${'x'.repeat(room - 3)}…"`)
    expect(Buffer.byteLength(withBody(room + 1))).toBe(3993)
  })

  test('refuses what no cut makes fit, and says the limit and the size', () => {
    for (const message of [
      { data: 'x'.repeat(4000) },
      { data: 'x'.repeat(3900), notification: { title: 'Hello', body: 'y'.repeat(500) } },
    ]) {
      expect(() => writeMessage(message, stamp)).toThrow(
        expect.objectContaining({
          name: 'RangeError',
          code: 'message-too-large',
          message: expect.stringMatching(/3993 octets.* \d{4} /),
        }),
      )
    }
  })

  test('always fits and always follows the schema, whatever the body is', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 40 })
    const codeUnits = fc
      .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 5000, size: 'max' })
      .map((units) => String.fromCharCode(...units))
    const body = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 6000, size: 'max' }), codeUnits)
    const message = fc.record(
      {
        data: fc.dictionary(text, fc.oneof(text, fc.integer()), { maxKeys: 5 }),
        notification: fc.record(
          { title: text.filter(Boolean), body, tag: text, silent: fc.boolean() },
          { requiredKeys: ['title'] },
        ),
        appBadge: fc.nat(),
        mutable: fc.boolean(),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(message, (content) => {
        const wire = write(content)
        expect(wire.pushwell.data).toEqual(content.data)
        const given = content.notification?.body
        const written = wire.notification?.body
        if (given !== undefined && written !== given) {
          expect(given.startsWith(String(written).slice(0, -1))).toBe(true)
        }
      }),
    )
  })
})

test('the schema takes its own examples and refuses what is not the format', () => {
  for (const example of schema.examples) expect(isValid(example)).toBe(true)
  const [example] = schema.examples
  for (const wrong of [
    {},
    { ...example, web_push: '8030' },
    { ...example, notification: undefined },
    { ...example, pushwell: { v: 2, id: '1' } },
    { ...example, notification: { ...example.notification, title: '' } },
    { ...example, notification: { ...example.notification, silent: true, vibrate: [1] } },
    { ...example, notification: { ...example.notification, renotify: true, tag: '' } },
  ]) {
    expect(isValid(JSON.parse(JSON.stringify(wrong)))).toBe(false)
  }
})
