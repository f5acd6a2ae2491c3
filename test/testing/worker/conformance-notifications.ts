import type { ConformanceCase } from './conformance-cases.ts'

/** Listing, replacing, closing. */
export const notificationCases: readonly ConformanceCase[] = [
  {
    name: 'a tag is shown once, and filters what is listed',
    code: `
      const before = await titles()
      await show('Tag A', { tag: 'one' })
      await show('Tag B')
      await show('Tag C', { tag: 'two' })
      await show('Tag D', { tag: 'one' })
      await show('Tag B')
      const [first] = await self.registration.getNotifications({ tag: 'one' })
      const [again] = await self.registration.getNotifications({ tag: 'one' })
      return {
        all: (await titles()).filter((title) => title.startsWith('Tag')),
        one: await titles({ tag: 'one' }),
        other: await titles({ tag: 'three' }),
        empty: (await titles({ tag: '' })).length - before.length,
        same: first === again,
      }`,
    expected: {
      firefox: {
        all: ['Tag B', 'Tag B', 'Tag C', 'Tag D'],
        one: ['Tag D'],
        other: [],
        empty: 4,
        same: false,
      },
      chromium: {
        all: ['Tag B', 'Tag B', 'Tag C', 'Tag D'],
        one: ['Tag D'],
        other: [],
        empty: 4,
        same: false,
      },
      webkit: {
        all: ['Tag B', 'Tag B', 'Tag C', 'Tag D'],
        one: ['Tag D'],
        other: [],
        empty: 4,
        same: false,
      },
      // Its list, which is not Apple's, keeps what a tag has replaced (WebKitGTK 2.50).
      webkitgtk: {
        all: ['Tag A', 'Tag B', 'Tag B', 'Tag C', 'Tag D'],
        one: ['Tag A', 'Tag D'],
        other: [],
        empty: 5,
        same: false,
      },
    },
  },
  {
    // Chromium has it off the list at once, Firefox at a moment of its own choosing (153).
    name: 'a closed notification leaves the list, at once or soon',
    code: `
      await show('Closed', { tag: 'closed' })
      const [notification] = await self.registration.getNotifications({ tag: 'closed' })
      notification.close()
      let left
      do {
        await new Promise((next) => setTimeout(next))
        left = await titles({ tag: 'closed' })
      } while (left.length > 0)
      return left`,
    expected: { firefox: [], chromium: [], webkit: [] },
  },
  {
    name: 'notificationclose comes for the user, in Firefox for the worker and a replacement too',
    trigger: 'notificationclose',
    setup: `
      await show('Close of ' + id, { tag: 'c' })
      const [notification] = await self.registration.getNotifications({ tag: 'c' })
      notification.close()
      await show('Replaced of ' + id, { tag: 'r' })
      await show('Replacement of ' + id, { tag: 'r' })
      await show('Last of ' + id)`,
    code: `
      const { action, notification, isTrusted, constructor } = event
      const heard = closed.filter((title) => title.endsWith(id))
      return {
        closed: heard.map((title) => title.replace(' of ' + id, '')),
        left: (await titles()).filter((title) => title.endsWith(id)).length,
        action,
        data: notification.data,
        isTrusted,
        class: constructor.name,
      }`,
    expected: {
      firefox: {
        closed: ['Close', 'Replaced', 'Last'],
        left: 1,
        action: '',
        data: null,
        isTrusted: true,
        class: 'NotificationEvent',
      },
      chromium: {
        closed: ['Last'],
        left: 1,
        action: '',
        data: null,
        isTrusted: true,
        class: 'NotificationEvent',
      },
      webkit: {
        closed: ['Last'],
        left: 1,
        action: '',
        data: null,
        isTrusted: true,
        class: 'NotificationEvent',
      },
      webkitgtk: {
        closed: ['Last'],
        left: 2,
        action: '',
        data: null,
        isTrusted: true,
        class: 'NotificationEvent',
      },
    },
  },
]
