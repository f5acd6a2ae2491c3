import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseMessage, readPayload } from '../../src/shared/parse-message.ts'
import { writeMessage } from '../../src/shared/write-message.ts'

const parseText = (text: string) => parseMessage(readPayload(text))
const parse = (json: unknown) => parseText(JSON.stringify(json))

describe('parseMessage', () => {
  test('reads what writeMessage wrote', () => {
    const notification = {
      title: 'Title',
      body: 'Body',
      navigate: '/orders/42',
      tag: 'tag',
      vibrate: [100, 50],
      actions: [{ action: 'track', title: 'Track', navigate: '/track' }],
      data: { own: 1 },
    }
    const content = {
      type: 'order',
      data: { id: 42 },
      recipient: 'anna',
      notification,
      expiresAt: 2,
      stale: { title: 'Late', navigate: './late' },
      localized: { title: { key: 'title' } },
    }
    const read = parseText(writeMessage(content, { id: 'm1', sentAt: 1 }))
    expect(read).toMatchObject({ id: 'm1', ...content })
  })

  test('leaves the notification alone in an envelope of an unknown version', () => {
    expect(parse({ notification: { title: 'T' }, pushwell: { v: 2, id: 'm', type: 't' } })).toEqual(
      { notification: { title: 'T' } },
    )
  })

  test('reads whom it is for, in any version, and takes anything that is said for somebody', () => {
    expect(parse({ pushwell: { v: 1, recipient: 'anna' } }).recipient).toBe('anna')
    expect(parse({ pushwell: { v: 2, recipient: 'anna' } }).recipient).toBe('anna')
    expect(parse({ pushwell: { v: 1, recipient: null } })).not.toHaveProperty('recipient')
    expect(parse({ pushwell: { v: 1 } })).not.toHaveProperty('recipient')
    fc.assert(
      fc.property(
        fc.jsonValue().filter((value) => value !== null),
        (recipient) => {
          expect(parse({ pushwell: { v: 1, recipient } }).recipient).toBeTypeOf('string')
        },
      ),
    )
  })

  test('drops the members that have a wrong type, and keeps the rest', () => {
    const notification = { title: 'T', body: 7, silent: 'yes', tag: 't', actions: [1, {}, null] }
    expect(parse({ notification })).toEqual({ notification: { title: 'T', tag: 't', actions: [] } })
  })

  test('follows Firebase’s link', () => {
    expect(
      parse({ notification: { title: 'T' }, data: {}, fcmOptions: { link: 'https://a.example/x' } })
        .notification,
    ).toEqual({ title: 'T', navigate: 'https://a.example/x' })
  })

  test('follows Angular’s onActionClick, for the body and for the buttons', () => {
    const data = {
      onActionClick: {
        default: { operation: 'openWindow', url: '/home' },
        track: { operation: 'focusLastFocusedOrOpen', url: '/track' },
      },
    }
    const actions = [{ action: 'track', title: 'Track' }]
    expect(parse({ notification: { title: 'T', data, actions } }).notification).toEqual({
      title: 'T',
      navigate: '/home',
      data,
      actions: [{ action: 'track', title: 'Track', navigate: '/track' }],
    })
  })

  test('takes Angular’s sendRequest for a click that opens nothing', () => {
    const data = {
      onActionClick: {
        default: { operation: 'sendRequest', url: '/api/seen' },
        track: { operation: 'sendRequest', url: '/api/track' },
        open: { operation: 'openWindow' },
      },
    }
    const actions = [
      { action: 'track', title: 'Track' },
      { action: 'open', title: 'Open' },
    ]
    expect(parse({ notification: { title: 'T', data, actions } }).notification).toMatchObject({
      navigate: null,
      actions: [
        { action: 'track', title: 'Track', navigate: null },
        { action: 'open', title: 'Open' },
      ],
    })
  })

  test('takes Firebase’s id and data for the message’s own', () => {
    const sent = {
      from: '1234567890',
      priority: 'normal',
      fcmMessageId: 'f1',
      data: { orderId: '42' },
      notification: { title: 'T', body: 'B', icon: '/i.png' },
      fcmOptions: { link: 'https://a.example/x' },
    }
    expect(parse(sent)).toEqual({
      id: 'f1',
      data: { orderId: '42' },
      notification: { title: 'T', body: 'B', icon: '/i.png', navigate: 'https://a.example/x' },
    })
    expect(parse({ fcmMessageId: 'f2', data: { orderId: '42' } })).toEqual({
      id: 'f2',
      data: { orderId: '42' },
    })
    expect(parse({ ...sent, pushwell: { v: 1, id: 'm1', type: 't' } })).toMatchObject({ id: 'm1' })
  })

  test('reads a declarative message, its badge at either level', () => {
    const notification = { title: 'T', navigate: '/a', app_badge: 2 }
    expect(parse({ web_push: 8030, notification })).toEqual({
      notification: { title: 'T', navigate: '/a' },
      appBadge: 2,
    })
    expect(parse({ web_push: 8030, notification, app_badge: 3 }).appBadge).toBe(3)
  })

  test('gives readable text as text, and bytes as nothing', () => {
    expect(parseText('Hello there')).toEqual({ text: 'Hello there' })
    expect(parseText('42')).toEqual({ text: '42' })
    expect(parseText('"Hello"')).toEqual({ text: 'Hello' })
    expect(parseText('Hello\r\n\tWorld\n')).toEqual({ text: 'Hello\r\n\tWorld' })
    expect(parseText(' \n')).toEqual({})
    expect(parseText('null')).toEqual({})
    expect(parseText('[1]')).toEqual({})
    expect(parseText('a\u0000b')).toEqual({})
    expect(parseText('\uFFFD')).toEqual({})
    expect(parseText('')).toEqual({})
  })
})
