import type {
  NotificationDetails,
  WorkerEvents,
  WorkerScope,
  WorkerSubscription,
} from '../../sw/worker-scope.ts'

/** A notification that the fake was told to show. */
export interface ShownNotification {
  readonly title: string
  readonly details: NotificationDetails
}

/** A window of the fake. */
export interface FakeWindow {
  url: string
  focused: boolean
  controlled: boolean
  /** A frame inside a page. */
  nested?: boolean
  /** Refuses to be focused, as one that is closing. */
  closing?: boolean
}

/** What stands in for a browser around the worker, and what it saw. */
export interface FakeWorkerScope extends WorkerScope {
  readonly shown: ShownNotification[]
  readonly opened: string[]
  readonly windows: FakeWindow[]
  subscription: WorkerSubscription | null
  /** Refuses what it returns true for, as a browser refuses options. */
  refuses: (notification: ShownNotification) => boolean
  push(payload?: string | Uint8Array): Promise<void>
  click(notification: ShownNotification, action?: string): Promise<{ closed: boolean }>
  changeSubscription(oldSubscription?: WorkerSubscription): Promise<void>
}

/** Makes a worker scope at `https://app.example/`. */
export function createFakeWorkerScope(): FakeWorkerScope {
  const listeners = new Map<string, (event: never) => void>()
  const dispatch = async <Type extends keyof WorkerEvents>(
    type: Type,
    event: Omit<WorkerEvents[Type], 'waitUntil'>,
  ) => {
    const waits: Promise<unknown>[] = []
    const listener = listeners.get(type) as ((event: object) => void) | undefined
    listener?.({ ...event, waitUntil: (promise: Promise<unknown>) => waits.push(promise) })
    if (waits.length === 0) throw new Error(`Nothing waits for the ${type} event.`)
    await Promise.all(waits)
  }
  const scope: FakeWorkerScope = {
    shown: [],
    opened: [],
    windows: [],
    subscription: null,
    refuses: () => false,
    navigator: { language: 'en' },
    registration: {
      scope: 'https://app.example/',
      pushManager: {
        getSubscription: () => Promise.resolve(scope.subscription),
        subscribe: ({ applicationServerKey }) =>
          Promise.resolve((scope.subscription = fakeSubscription(`new-${applicationServerKey}`))),
      },
      showNotification: (title, details = {}) => {
        const notification = { title, details }
        if (scope.refuses(notification)) return Promise.reject(new TypeError('refused'))
        scope.shown.push(notification)
        return Promise.resolve()
      },
    },
    clients: {
      matchAll: ({ includeUncontrolled = false }) =>
        Promise.resolve(
          scope.windows
            .filter((window) => includeUncontrolled || window.controlled)
            .map((window) => windowClient(scope, window)),
        ),
      openWindow: (url) => Promise.resolve(scope.opened.push(url)),
    },
    addEventListener: (type, listener) => {
      listeners.set(type, listener)
    },
    push: (payload) => {
      const bytes = typeof payload === 'string' ? new TextEncoder().encode(payload) : payload
      const data = bytes ? { arrayBuffer: () => bytes.slice().buffer } : null
      return dispatch('push', { data })
    },
    async click({ details }, action = '') {
      let closed = false
      const notification = { data: details.data, close: () => (closed = true) }
      await dispatch('notificationclick', { action, notification })
      return { closed }
    },
    changeSubscription: (oldSubscription) =>
      dispatch('pushsubscriptionchange', { ...(oldSubscription && { oldSubscription }) }),
  }
  return scope
}

function windowClient(scope: FakeWorkerScope, window: FakeWindow) {
  const client = {
    id: String(scope.windows.indexOf(window)),
    url: window.url,
    focused: window.focused,
    frameType: window.nested ? 'nested' : 'top-level',
    focus: () => {
      if (window.closing) return Promise.reject(new TypeError('closing'))
      for (const other of scope.windows) other.focused = other === window
      return Promise.resolve(client)
    },
    navigate: (url: string) => {
      if (!window.controlled) return Promise.reject(new TypeError('not controlled'))
      window.url = url
      return Promise.resolve(null)
    },
  }
  return client
}

/** Makes a subscription with an endpoint of that name. */
export function fakeSubscription(name: string): WorkerSubscription {
  const endpoint = `https://push.example/${name}`
  const keys = { p256dh: 'p256dh', auth: 'auth' }
  return { endpoint, toJSON: () => ({ endpoint, expirationTime: null, keys }) }
}
