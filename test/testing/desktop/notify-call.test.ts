import { describe, expect, test } from 'vitest'
import { readNotification } from '../../../src/testing/desktop/notify-call.ts'
import type { NotifyCall } from '../../../src/testing/desktop/notify-call.ts'

const chromium: NotifyCall = {
  appName: 'Chromium',
  replacesId: 0,
  appIcon: '',
  summary: 'Title',
  body: '',
  actions: ['default', 'Activate', 'settings', 'Settings'],
  hints: new Map(),
  expireTimeout: -1,
}
const firefox: NotifyCall = { ...chromium, appName: 'Firefox', actions: ['default', 'Activate'] }

describe('the body of a Chromium notification', () => {
  test.each([
    ['an origin and a text', 'localhost:8080\n\nHello\n\nyou', 'localhost:8080', 'Hello\n\nyou'],
    ['an origin alone', 'example.com', 'example.com', ''],
    ['a linked origin', '<a href="https://a.b/">a.b</a>\n\nHello', 'a.b', 'Hello'],
  ])('is parted into origin and text: %s', (_, body, origin, text) => {
    const capabilities = ['actions', 'body', 'body-markup', 'body-hyperlinks']
    expect(readNotification({ ...chromium, body }, capabilities)).toMatchObject({
      origin,
      body: text,
    })
  })

  test('is all text where the origin has a place of its own', () => {
    const capabilities = ['actions', 'body', 'x-kde-origin-name']
    const call = { ...chromium, body: 'One\n\nTwo', hints: new Map([['x-kde-origin-name', 'a.b']]) }
    expect(readNotification(call, capabilities)).toMatchObject({
      origin: 'a.b',
      body: 'One\n\nTwo',
    })
  })
})

describe('the body of a Firefox notification', () => {
  test('is never parted', () => {
    const body = 'example.com\n\nHello'
    const read = readNotification({ ...firefox, body }, ['actions'])
    expect(read.body).toBe(body)
    expect(read.origin).toBeUndefined()
  })

  test('keeps its entities where the desktop shows no markup', () => {
    const call = { ...firefox, body: 'a &amp; b' }
    expect(readNotification(call, ['actions']).body).toBe('a &amp; b')
    expect(readNotification(call, ['actions', 'body-markup']).body).toBe('a & b')
  })
})

test('a page action called settings is not taken for the button of the browser', () => {
  const actions = ['default', 'Activate', 'settings-moz', 'Settings', 'default-moz', 'Default']
  const read = readNotification({ ...firefox, actions, body: 'a.b\n\nc' }, ['actions'])
  expect(read.actions.map(({ action }) => action)).toEqual(['settings', 'default'])
  expect(read.body).toBe('a.b\n\nc')
})
