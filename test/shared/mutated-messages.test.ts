import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  parseMessage,
  readPayload,
  type ReceivedNotification,
} from '../../src/shared/parse-message.ts'
import { writeMessage } from '../../src/shared/write-message.ts'

describe('parseMessage', () => {
  test('never throws, and gives each member its type, whatever a format is mutated into', () => {
    const formats = [
      writeMessage(
        {
          type: 'order',
          data: { id: 1 },
          recipient: 'anna',
          group: 'g',
          close: ['a'],
          appBadge: 3,
          expiresAt: 5,
          stale: { title: 'Late' },
          localized: { title: { key: 'k', args: { a: 1 } } },
          notification: {
            title: 'T',
            body: 'B',
            tag: 't',
            vibrate: [1],
            actions: [{ action: 'a', title: 'A', icon: '/i' }],
          },
        },
        { id: 'm1', sentAt: 1 },
      ),
      JSON.stringify({
        web_push: 8030,
        notification: { title: 'T', navigate: '/a', dir: 'rtl', silent: true, data: [1] },
        app_badge: 1,
      }),
      JSON.stringify({
        notification: {
          title: 'T',
          actions: [{ action: 'a', title: 'A' }],
          data: { onActionClick: { default: { operation: 'sendRequest', url: '/' }, a: {} } },
        },
      }),
      JSON.stringify({
        fcmMessageId: 'f',
        from: '1',
        data: { a: 'b' },
        notification: { title: 'T' },
        fcmOptions: { link: '/x' },
      }),
    ]
    const cut = fc.tuple(fc.nat(2000), fc.nat(20), fc.string({ unit: 'binary', maxLength: 8 }))
    const broken = fc
      .tuple(fc.constantFrom(...formats), fc.array(cut, { maxLength: 3 }))
      .map(([text, cuts]) =>
        cuts.reduce((before, [at, length, put]) => {
          const from = at % before.length
          return `${before.slice(0, from)}${put}${before.slice(from + length)} `
        }, text),
      )
    const swapped = fc
      .tuple(fc.constantFrom(...formats), fc.nat(100), fc.jsonValue())
      .map(([text, at, value]) => swapMember(text, at, value))
    const bytes = fc
      .uint8Array({ maxLength: 200 })
      .map((octets) => new TextDecoder().decode(octets))
    fc.assert(
      fc.property(fc.oneof(broken, swapped, bytes, fc.json()), (text) => {
        const {
          notification,
          stale,
          data: _data,
          localized: _localized,
          ...rest
        } = parseMessage(readPayload(text))
        for (const one of [notification, stale]) {
          if (one) expectNotification(one)
        }
        const { sentAt, expiresAt, appBadge, close, ...texts } = rest
        for (const count of [sentAt, expiresAt, appBadge]) {
          if (count !== undefined) expect(count).toBeGreaterThanOrEqual(0)
        }
        for (const one of [...(close ?? []), ...Object.values(texts)]) {
          expect(one).toBeTypeOf('string')
        }
      }),
      { numRuns: 2000 },
    )
  })
})

/** Puts a value in the place of the nth member of some JSON, counted through all depths. */
function swapMember(text: string, at: number, value: unknown): string {
  let count = 0
  const members = JSON.stringify(JSON.parse(text), (_, member: unknown) => {
    count += 1
    return member
  })
  const chosen = at % count
  count = 0
  return JSON.stringify(JSON.parse(members), (_, member: unknown) => {
    count += 1
    return count - 1 === chosen ? value : member
  })
}

function expectNotification({ title, actions = [], ...members }: ReceivedNotification): void {
  expect(title).toMatch(/[^]/)
  for (const { action, title: label, navigate = '', icon = '' } of actions) {
    expect([typeof action, typeof label, typeof icon]).toEqual(['string', 'string', 'string'])
    expect(navigate === null || typeof navigate === 'string').toBe(true)
  }
  const { data: _data, vibrate = [], navigate = '', timestamp = 0, ...others } = members
  expect([...vibrate, timestamp].every(Number.isFinite)).toBe(true)
  expect(navigate === null || typeof navigate === 'string').toBe(true)
  for (const value of Object.values(others)) expect(typeof value).toMatch(/string|boolean/)
}
