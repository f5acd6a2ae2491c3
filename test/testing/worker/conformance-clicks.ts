import type { ConformanceCase } from './conformance-cases.ts'

const last = `await show('Last of ' + id, {
  data: { x: 1 },
  actions: [{ action: 'track', title: 'Track' }],
})`

/** Clicks, windows, activation. */
export const clickCases: readonly ConformanceCase[] = [
  {
    name: 'without a click no window is opened or focused, but one may be navigated',
    code: `
      const [client] = await self.clients.matchAll()
      return outcomes({
        open: () => self.clients.openWindow('/other'),
        'open what is no URL': () => self.clients.openWindow('http://['),
        'open about:blank': () => self.clients.openWindow('about:blank'),
        'open nothing': () => self.clients.openWindow(),
        focus: () => client.focus(),
        'post what cannot be cloned': () => client.postMessage(() => 1),
        'navigate to what is no URL': () => client.navigate('http://['),
        'navigate to about:blank': () => client.navigate('about:blank'),
      })`,
    expected: {
      firefox: {
        open: 'InvalidAccessError',
        'open what is no URL': 'InvalidAccessError',
        'open about:blank': 'TypeError',
        'open nothing': 'TypeError',
        focus: 'InvalidAccessError',
        'post what cannot be cloned': 'DataCloneError',
        'navigate to what is no URL': 'TypeError',
        'navigate to about:blank': 'TypeError',
      },
      chromium: {
        open: 'InvalidAccessError',
        'open what is no URL': 'TypeError',
        'open about:blank': 'InvalidAccessError',
        'open nothing': 'TypeError',
        focus: 'InvalidAccessError',
        'post what cannot be cloned': 'DataCloneError',
        'navigate to what is no URL': 'TypeError',
        'navigate to about:blank': 'TypeError',
      },
      webkit: {
        open: 'InvalidAccessError',
        'open what is no URL': 'InvalidAccessError',
        'open about:blank': 'InvalidAccessError',
        'open nothing': 'TypeError',
        focus: 'InvalidAccessError',
        'post what cannot be cloned': 'DataCloneError',
        'navigate to what is no URL': 'TypeError',
        'navigate to about:blank': 'TypeError',
      },
    },
  },
  {
    name: 'a click tells the action and the data',
    trigger: 'notificationclick',
    setup: last,
    action: 'track',
    code: `
      const { action, reply, notification, constructor, isTrusted } = event
      return {
        action,
        data: notification.data,
        hasReply: 'reply' in event,
        reply: reply ?? null,
        class: constructor.name,
        isTrusted,
      }`,
    expected: {
      firefox: {
        action: 'track',
        data: { x: 1 },
        hasReply: false,
        reply: null,
        class: 'NotificationEvent',
        isTrusted: true,
      },
      chromium: {
        action: 'track',
        data: { x: 1 },
        hasReply: true,
        reply: null,
        class: 'NotificationEvent',
        isTrusted: true,
      },
      // WebKit knows no actions: the click is on the notification itself.
      webkit: {
        action: '',
        data: { x: 1 },
        hasReply: false,
        reply: null,
        class: 'NotificationEvent',
        isTrusted: true,
      },
    },
  },
  {
    name: 'a click opens one window in Chromium, any number for a while elsewhere',
    trigger: 'notificationclick',
    setup: last,
    code: `
      const [client] = await self.clients.matchAll()
      return outcomes({
        focus: () => client.focus(),
        open: () => self.clients.openWindow('/app?opened'),
        'open what is no URL': () => self.clients.openWindow('http://['),
      })`,
    expected: {
      firefox: { focus: 'ok', open: 'ok', 'open what is no URL': 'TypeError' },
      chromium: { focus: 'ok', open: 'InvalidAccessError', 'open what is no URL': 'TypeError' },
      webkit: { focus: 'ok', open: 'ok', 'open what is no URL': 'TypeError' },
    },
  },
  {
    name: 'a window that a click opened is focused, and listed',
    trigger: 'notificationclick',
    setup: last,
    code: `
      const client = await self.clients.openWindow('/app?new')
      if (client === null) return 'no window'
      const all = await self.clients.matchAll({ includeUncontrolled: true })
      const { url, focused, visibilityState, type, frameType, constructor } = client
      return {
        url: path(url),
        focused,
        visibilityState,
        type,
        frameType,
        class: constructor.name,
        listed: all.some(({ id }) => id === client.id),
      }`,
    expected: {
      firefox: {
        url: '/app?new',
        focused: true,
        visibilityState: 'visible',
        type: 'window',
        frameType: 'top-level',
        class: 'WindowClient',
        listed: true,
      },
      chromium: {
        url: '/app?new',
        focused: true,
        visibilityState: 'visible',
        type: 'window',
        frameType: 'top-level',
        class: 'WindowClient',
        listed: true,
      },
      webkit: {
        url: '/app?new',
        focused: true,
        visibilityState: 'visible',
        type: 'window',
        frameType: 'top-level',
        class: 'WindowClient',
        listed: true,
      },
      // The program that shows the page would have to open it: a view alone cannot.
      webkitgtk: 'no window',
    },
  },
  {
    name: 'clients are found by type and by id, and are new objects each time',
    code: `
      const all = await self.clients.matchAll({ type: 'all' })
      const [client] = all
      const found = await self.clients.get(client.id)
      return {
        found: found?.id === client.id,
        same: found === client,
        unknown: await self.clients.get('unknown') === undefined,
        workers: (await self.clients.matchAll({ type: 'worker' })).length,
        'an unknown type': await outcome(() => self.clients.matchAll({ type: 'page' })),
        source: event.source?.constructor.name,
        origin: event.origin === self.location.origin,
        ports: event.ports.length,
        class: event.constructor.name,
        claim: await outcome(() => self.clients.claim()),
        skipWaiting: await outcome(() => self.skipWaiting()),
      }`,
    expected: {
      firefox: clients(),
      chromium: clients(),
      webkit: clients(),
    },
  },
]

function clients() {
  return {
    found: true,
    same: false,
    unknown: true,
    workers: 0,
    'an unknown type': 'TypeError',
    source: 'WindowClient',
    origin: true,
    ports: 0,
    class: 'ExtendableMessageEvent',
    claim: 'ok',
    skipWaiting: 'ok',
  }
}
