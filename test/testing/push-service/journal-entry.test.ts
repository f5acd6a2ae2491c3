import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  entriesOf,
  replayJournal,
  writeJournalEntry,
} from '../../../src/testing/push-service/journal-entry.ts'
import type { SavedState } from '../../../src/testing/push-service/journal-entry.ts'

const name = fc.string({ minLength: 1 })
const subscription = fc.record({
  token: name,
  endpoint: fc.webUrl(),
  device: name,
  channel: name,
  applicationServerKey: fc.option(name),
  end: fc.constantFrom(null, 'unsubscribed' as const, 'expired' as const),
})
const message = fc.record({
  id: fc.uuid(),
  endpoint: fc.webUrl(),
  status: fc.constantFrom('queued' as const, 'sent' as const),
  ttl: fc.nat(),
  headers: fc.dictionary(name, fc.string(), { noNullPrototype: true }),
  body: fc.uint8Array({ maxLength: 200 }),
  receivedAt: fc.nat(),
  expiresAt: fc.nat(),
  deliveries: fc.nat(),
})
const state = fc.record({
  devices: fc.uniqueArray(name),
  subscriptions: fc.uniqueArray(subscription, { selector: ({ token }) => token }),
  messages: fc.uniqueArray(message, { selector: ({ id }) => id }),
})

const linesOf = (saved: SavedState) => entriesOf(saved).map(writeJournalEntry)

test('a state that was written is read back as it was', () => {
  fc.assert(
    fc.property(state, (saved) => {
      expect(replayJournal(linesOf(saved))).toEqual(saved)
    }),
  )
})

test('a journal that is cut anywhere gives what its whole lines say', () => {
  fc.assert(
    fc.property(state, fc.nat(), (saved, cut) => {
      const lines = linesOf(saved)
      const text = lines.map((line) => `${line}\n`).join('')
      const kept = text.slice(0, cut % (text.length + 1))
      const whole = kept.split('\n').length - 1
      const isLastWhole = kept.split('\n').at(-1) === lines[whole]
      const expected = replayJournal(lines.slice(0, whole + (isLastWhole ? 1 : 0)))
      expect(replayJournal(kept.split('\n'))).toEqual(expected)
    }),
  )
})

test.each([
  '',
  'null',
  '7',
  '[]',
  '{}',
  '{"type":"device"}',
  '{"type":"subscription"}',
  '{"type":"subscription","subscription":null}',
  '{"type":"message"}',
  '{"type":"message","message":{"body":7}}',
  '{"type":"message","message":{"body":"not base64url!"}}',
  '{"type":"status","id":"a"}',
  '{"type":"status","id":"unknown","status":"sent","deliveries":1}',
  '{"type":"something new"}',
  '\u0000\u0000\u0000',
])('a line that makes no sense is passed over: %j', (line) => {
  const known = '{"type":"device","device":"a","isKnown":true}'
  expect(replayJournal([known, line])).toEqual({ devices: ['a'], subscriptions: [], messages: [] })
})
