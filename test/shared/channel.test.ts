import { expect, test } from 'vitest'
import { readChannelMessage } from '../../src/shared/channel.ts'

const scope = 'https://app.example/'
const message = { pushwell: 1, scope, kind: 'changed' } as const

test('reads what was said about its own registration', () => {
  expect(readChannelMessage(message, scope)).toBe(message)
})

test.each<[string, unknown]>([
  ['another registration', { ...message, scope: 'https://app.example/other/' }],
  ['another version', { ...message, pushwell: 2 }],
  ['a version in words', { ...message, pushwell: '1' }],
  ['somebody else', { type: 'changed', scope }],
  ['no scope', { pushwell: 1, kind: 'changed' }],
  ['text', JSON.stringify(message)],
  ['null', null],
  ['nothing', undefined],
])('leaves alone what was said by or about %s', (_, data) => {
  expect(readChannelMessage(data, scope)).toBeNull()
})
