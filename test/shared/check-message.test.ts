import { describe, expect, test } from 'vitest'
import type { MessageContent, NotificationContent } from '../../src/shared/message-content.ts'
import { writeMessage } from '../../src/shared/write-message.ts'

describe('writeMessage refuses', () => {
  const title = 'Hello'
  const cycle: Record<string, unknown> = {}
  cycle['self'] = cycle

  test.each<[string, unknown]>([
    ['message', 'text'],
    ['message', null],
    ['message', undefined],
    ['message.notifications', { notifications: { title } }],
    ['message.__proto__', JSON.parse('{"__proto__":1}')],
    ['message.id', { id: 5 }],
    ['message.type', { type: '' }],
    ['message.recipient', { recipient: 42 }],
    ['message.group', { group: {} }],
    ['message.close', { close: 'tag' }],
    ['message.close', { close: [1] }],
    ['message.expiresAt', { expiresAt: new Date(0) }],
    ['message.stale', { stale: 'Late' }],
    ['message.stale.title', { stale: {} }],
    ['message.stale.navigate', { stale: { title, navigate: 'javascript:alert(1)' } }],
    ['message.localized', { localized: 'key' }],
    ['message.localized.text', { localized: { text: { key: 'k' } } }],
    ['message.localized.title', { localized: { title: 'key' } }],
    ['message.localized.title.key', { localized: { title: {} } }],
    ['message.localized.body.args', { localized: { body: { key: 'k', args: { at: null } } } }],
    ['message.localized.body.args', { localized: { body: { key: 'k', args: { at: NaN } } } }],
    ['message.localized.actions.open.key', { localized: { actions: { open: { key: '' } } } }],
    ['message.localized.actions.open', { localized: { actions: { open: 'k' } } }],
    ['message.localized.stale.stale', { localized: { stale: { stale: {} } } }],
    ['message.appBadge', { appBadge: -1 }],
    ['message.appBadge', { appBadge: '3' }],
    ['message.mutable', { mutable: 'yes' }],
    ['message.data', { data: Number.NaN }],
    ['message.data', { data: 10n }],
    ['message.data', { data: { at: new Date(0) } }],
    ['message.data', { data: [undefined] }],
    ['message.data', { data: () => 1 }],
    ['message.data', { data: new Map() }],
    ['message.data', { data: cycle }],
    ['message.notification', { notification: 'Hello' }],
    ['message.notification', { notification: [] }],
  ])('%s: %o', (field, message) => {
    expectRefusal(message, field)
  })

  test.each<[string, object]>([
    ['title', {}],
    ['title', { title: '' }],
    ['title', { title: 5 }],
    ['navigate', { title, navigate: 'javascript:alert(1)' }],
    ['navigate', { title, navigate: 'http://' }],
    ['navigate', { title, navigate: 5 }],
    ['body', { title, body: null }],
    ['tag', { title, tag: 1 }],
    ['lang', { title, lang: 1 }],
    ['dir', { title, dir: 'up' }],
    ['icon', { title, icon: {} }],
    ['image', { title, image: 1 }],
    ['badge', { title, badge: 1 }],
    ['silent', { title, silent: 1 }],
    ['requireInteraction', { title, requireInteraction: 'true' }],
    ['timestamp', { title, timestamp: new Date(0) }],
    ['timestamp', { title, timestamp: 1.5 }],
    ['vibrate', { title, vibrate: [-1] }],
    ['data', { title, data: Symbol('s') }],
    ['url', { title, url: '/x' }],
    ['actions', { title, actions: {} }],
    ['actions', { title, actions: ['track'] }],
    ['actions[0].title', { title, actions: [{ action: 'track' }] }],
    ['actions[0].action', { title, actions: [{ title }] }],
    [
      'actions[1].icon',
      {
        title,
        actions: [
          { action: 'a', title },
          { action: 'b', title, icon: 1 },
        ],
      },
    ],
    ['tag', { title, renotify: true }],
    ['tag', { title, renotify: true, tag: '' }],
    ['vibrate', { title, silent: true, vibrate: [] }],
  ])('message.notification.%s: %o', (field, notification) => {
    expectRefusal(
      { notification: notification as NotificationContent },
      `message.notification.${field}`,
    )
  })

  function expectRefusal(message: unknown, field: string): void {
    try {
      writeMessage(message as MessageContent, { id: 'id-1', sentAt: 1000, expiresAt: 2000 })
    } catch (error) {
      expect(error).toBeInstanceOf(TypeError)
      expect(error).toHaveProperty('code', 'invalid-message')
      expect(String(error).startsWith(`TypeError: ${field} `), String(error)).toBe(true)
      return
    }
    expect.unreachable('it was written')
  }
})
