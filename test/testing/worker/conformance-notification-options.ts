import type { ConformanceCase } from './conformance-cases.ts'

const accepted = {
  'no title': 'TypeError',
  'a title that is a number': 'ok',
  'an empty title': 'ok',
  'an unknown dir': 'TypeError',
  'actions that are no list': 'TypeError',
  'actions null': 'TypeError',
  'an action without title': 'TypeError',
  'renotify without tag': 'ok',
  'renotify with tag': 'ok',
  'silent with vibrate': 'ok',
  'silent null': 'ok',
  'data that cannot be cloned': 'DataCloneError',
  'an icon that is no URL': 'ok',
  'options that are no object': 'TypeError',
  'options null': 'ok',
  'vibrate that is no number': 'ok',
  'a timestamp that is no number': 'ok',
}

const common = {
  title: 'Values',
  dir: 'rtl',
  lang: 'de',
  body: 'null',
  tag: 'values',
  icon: '/i.png',
  silent: false,
  requireInteraction: true,
  data: { a: [1, 'two'] },
}

const defaults = {
  title: 'Defaults',
  dir: 'auto',
  lang: '',
  body: '',
  tag: '',
  icon: '',
  silent: false,
  requireInteraction: false,
  data: null,
  actions: [],
}

const { requireInteraction: _1, ...webkitCommon } = common
const webkitValues = {
  ...webkitCommon,
  same: true,
  frozen: true,
  text: '[object Notification]',
}

const { requireInteraction: _2, actions: _3, ...others } = defaults
const webkitDefaults = { ...others, silent: null }

const members = `['title', 'dir', 'lang', 'body', 'tag', 'icon', 'image', 'badge', 'vibrate',
  'timestamp', 'renotify', 'silent', 'requireInteraction', 'data', 'actions', 'navigate']`

/** Gives what a notification has of the members, its URLs without the origin. */
const readMembers = `
  const read = (notification) => {
    const has = ${members}.filter((member) => member in notification)
    const entries = has.map((member) => {
      const value = notification[member]
      if (member === 'timestamp') return [member, typeof value]
      return [member, typeof value === 'string' ? path(value) : value]
    })
    const values = Object.fromEntries(entries)
    values.actions = values.actions?.map(({ action, title, icon }) =>
      icon ? { action, title, icon: path(icon) } : { action, title })
    return values
  }`

/** What a notification may be shown with, and what it then has. */
export const notificationOptionCases: readonly ConformanceCase[] = [
  {
    name: 'showNotification refuses the options that the engine refuses',
    code: `
      const shows = (...parameters) => () => show(...parameters)
      return outcomes({
        'no title': shows(),
        'a title that is a number': shows(7),
        'an empty title': shows(''),
        'an unknown dir': shows('a', { dir: 'up' }),
        'actions that are no list': shows('a', { actions: 5 }),
        'actions null': shows('a', { actions: null }),
        'an action without title': shows('a', { actions: [{ action: 'a' }] }),
        'renotify without tag': shows('a', { renotify: true }),
        'renotify with tag': shows('a', { renotify: true, tag: 't' }),
        'silent with vibrate': shows('a', { silent: true, vibrate: [1] }),
        'silent null': shows('a', { silent: null }),
        'data that cannot be cloned': shows('a', { data: () => 1 }),
        'an icon that is no URL': shows('a', { icon: 'http://[' }),
        'options that are no object': shows('a', 5),
        'options null': shows('a', null),
        'vibrate that is no number': shows('a', { vibrate: 'abc' }),
        'a timestamp that is no number': shows('a', { timestamp: 'abc' }),
      })`,
    expected: {
      firefox: accepted,
      chromium: {
        ...accepted,
        'renotify without tag': 'TypeError',
        'silent with vibrate': 'TypeError',
      },
      webkit: {
        ...accepted,
        'actions that are no list': 'ok',
        'actions null': 'ok',
        'an action without title': 'ok',
      },
    },
  },
  {
    name: 'a notification keeps the options that the engine knows',
    code: `${readMembers}
      await show('Values', {
        dir: 'rtl', lang: 'de', body: null, tag: 'values', icon: '/i.png', image: '/m.png',
        badge: '/b.png', silent: false, timestamp: 5, requireInteraction: true, renotify: true,
        vibrate: [1, 2, 3, 4], data: { a: [1, 'two'] },
        actions: [
          { action: 'a', title: 'A', icon: '/a.png' },
          { action: 'b', title: 'B' },
          { action: 'c', title: 'C' },
        ],
      })
      const [notification] = await self.registration.getNotifications({ tag: 'values' })
      const { data, actions } = notification
      return {
        ...read(notification),
        same: data === notification.data,
        frozen: Object.isFrozen(actions),
        text: String(notification),
      }`,
    expected: {
      firefox: {
        ...common,
        actions: [
          { action: 'a', title: 'A' },
          { action: 'b', title: 'B' },
        ],
        same: true,
        frozen: true,
        text: '[object Notification]',
      },
      chromium: {
        ...common,
        image: '/m.png',
        badge: '/b.png',
        vibrate: [1, 2, 3],
        timestamp: 'number',
        renotify: true,
        actions: [
          { action: 'a', title: 'A', icon: '/a.png' },
          { action: 'b', title: 'B' },
        ],
        same: true,
        frozen: true,
        text: '[object Notification]',
      },
      webkit: { ...webkitValues, navigate: '' },
      // Declarative Web Push, and `navigate` with it, is Apple's alone (WebKitGTK 2.50).
      webkitgtk: webkitValues,
    },
  },
  {
    name: 'a notification has the defaults of the engine',
    code: `${readMembers}
      await show('Defaults')
      const all = await self.registration.getNotifications()
      return read(all.find(({ title }) => title === 'Defaults'))`,
    expected: {
      firefox: defaults,
      chromium: {
        ...defaults,
        image: '',
        badge: '',
        vibrate: [],
        timestamp: 'number',
        renotify: false,
      },
      webkit: { ...webkitDefaults, navigate: '' },
      webkitgtk: webkitDefaults,
    },
  },
]
