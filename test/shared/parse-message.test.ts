import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseMessage } from '../../src/shared/parse-message.ts'
import { writeMessage } from '../../src/shared/write-message.ts'

const parse = (json: unknown) => parseMessage(JSON.stringify(json))

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
    const content = { type: 'order', data: { id: 42 }, recipient: 'anna', notification }
    const read = parseMessage(writeMessage(content, { id: 'm1', sentAt: 1 }))
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

  test('gives readable text as text, and bytes as nothing', () => {
    expect(parseMessage('Hello there')).toEqual({ text: 'Hello there' })
    expect(parseMessage('a\u0000b')).toEqual({})
    expect(parseMessage('\uFFFD')).toEqual({})
    expect(parseMessage('')).toEqual({})
  })
})
