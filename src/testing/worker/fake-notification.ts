import { nextTick } from 'node:process'
import { setImmediate } from 'node:timers'
import { illegalConstructor } from './illegal-constructor.ts'
import { type ShownNotificationContent, readNotification } from './notification-content.ts'
import type { ShownNotification } from './notification-center.ts'
import type { WorkerSite } from './worker-site.ts'

/** A `Notification` as a worker sees it. */
export interface FakeNotification extends ShownNotificationContent {
  close(): void
}

/** The notifications' part of a worker's scope. */
export interface FakeNotifications {
  /** The class `Notification`. */
  readonly Notification: unknown
  readonly showNotification: (...parameters: readonly unknown[]) => Promise<void>
  readonly getNotifications: (filter?: { readonly tag?: string }) => Promise<FakeNotification[]>
  /** Wraps a shown notification, or one that is only proposed, for an event. */
  wrap(content: ShownNotificationContent): FakeNotification
}

/** Makes `Notification` and the methods of the registration for a site. */
export function createFakeNotifications(
  site: WorkerSite,
  key: symbol,
  shown: (notification: ShownNotification) => void,
): FakeNotifications {
  const { traits, notifications } = site
  const Notification = createNotificationClass(site, key)
  const wrap = (content: ShownNotificationContent) => new Notification(key, content)
  return {
    Notification,
    wrap,
    async showNotification(...parameters) {
      const { scriptUrl: baseUrl, now } = site
      const content = readNotification(parameters, { traits, baseUrl, now })
      if (site.state !== 'activated') {
        throw new TypeError('showNotification: no active registration available.')
      }
      if (site.permission !== 'granted') {
        throw new TypeError('No notification permission has been granted for this origin.')
      }
      shown(notifications.show(content, 'worker'))
    },
    getNotifications({ tag = '' } = {}) {
      const { onScreen } = notifications
      const listed = onScreen.filter((notification) => tag === '' || notification.tag === tag)
      // In a task of its own, as in browsers: who waits in a loop for one to go lets it go.
      return new Promise((resolve) => setImmediate(() => resolve(listed.map(wrap))))
    },
  }
}

type NotificationClass = new (key: symbol, content: ShownNotificationContent) => FakeNotification

function createNotificationClass(site: WorkerSite, key: symbol): NotificationClass {
  const { traits, notifications } = site
  const contents = new WeakMap<object, ShownNotificationContent>()
  class Notification extends EventTarget {
    static get permission() {
      return site.permission
    }
    constructor(given: symbol, content: ShownNotificationContent) {
      super()
      if (given !== key) throw illegalConstructor('Notification')
      contents.set(this, content)
    }
    close() {
      const content = contents.get(this)
      const end = () => {
        const shown = notifications.onScreen.find((notification) => notification === content)
        if (shown) notifications.end(shown, 'closed')
      }
      // Firefox closes from another process: what is asked in the same task still lists it.
      if (traits.closesLater) nextTick(end)
      else end()
    }
  }
  for (const member of ['title', ...traits.members] as const) {
    Object.defineProperty(Notification.prototype, member, {
      get(this: object) {
        return contents.get(this)?.[member]
      },
      enumerable: true,
    })
  }
  if (traits.maxActions !== undefined) {
    Object.defineProperty(Notification, 'maxActions', { value: traits.maxActions })
  }
  return Notification as unknown as NotificationClass
}
