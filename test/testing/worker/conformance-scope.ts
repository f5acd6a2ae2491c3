import type { ConformanceCase } from './conformance-cases.ts'

const key =
  'BDd3_hVL9fZi9Ybo2UUzA284WG5FZR30_95YeZJsiApwXKpNcF1rRPF3foIiBHXRdJI2Qhumhf6_LFTeZaNndIo'

const everywhere = {
  self: true,
  isScope: true,
  scopeClass: 'function',
  maxActions: 2,
  permission: 'granted',
  requestPermission: 'undefined',
  'new Notification': 'TypeError',
  'new PushManager': 'TypeError',
  PushSubscriptionChangeEvent: 'function',
  locks: 'object',
  caches: 'object',
  indexedDB: 'object',
  BroadcastChannel: 'function',
  absent: ['undefined', 'undefined', 'undefined', 'undefined', 'undefined'],
  active: 'activated',
  onpush: null,
  notifications: 'granted',
  location: true,
}

const { maxActions: _, ...withoutActions } = everywhere

/** What stands in the scope, and what the push manager refuses. */
export const scopeCases: readonly ConformanceCase[] = [
  {
    name: 'the scope has what workers have, and nothing of pages or of Node',
    code: `
      const { state } = await navigator.permissions.query({ name: 'notifications' })
      return {
        self: self === globalThis,
        isScope: self instanceof ServiceWorkerGlobalScope,
        scopeClass: typeof ServiceWorkerGlobalScope,
        maxActions: Notification.maxActions,
        permission: Notification.permission,
        requestPermission: typeof Notification.requestPermission,
        'new Notification': await outcome(() => new Notification('x')),
        'new PushManager': await outcome(() => new PushManager()),
        PushSubscriptionChangeEvent: typeof PushSubscriptionChangeEvent,
        locks: typeof navigator.locks,
        caches: typeof caches,
        indexedDB: typeof indexedDB,
        BroadcastChannel: typeof BroadcastChannel,
        absent: [typeof window, typeof document, typeof process, typeof require, typeof XMLHttpRequest],
        active: self.registration.active?.state,
        onpush: self.onpush,
        notifications: state,
        location: self.location.pathname.endsWith('.js'),
        badge: typeof navigator.setAppBadge,
        sync: 'sync' in self.registration,
        SyncEvent: typeof SyncEvent,
        serviceWorker: typeof self.serviceWorker,
        encodings: PushManager.supportedContentEncodings,
        'push permission': await outcome(() => navigator.permissions.query({ name: 'push' })),
      }`,
    expected: {
      firefox: {
        ...everywhere,
        badge: 'undefined',
        sync: false,
        SyncEvent: 'undefined',
        serviceWorker: 'undefined',
        encodings: ['aes128gcm'],
        'push permission': 'ok',
      },
      chromium: {
        ...everywhere,
        badge: 'function',
        sync: true,
        SyncEvent: 'function',
        serviceWorker: 'object',
        encodings: ['aes128gcm', 'aesgcm'],
        'push permission': 'NotSupportedError',
      },
      webkit: {
        ...withoutActions,
        badge: 'function',
        sync: false,
        SyncEvent: 'undefined',
        serviceWorker: 'object',
        encodings: ['aesgcm', 'aes128gcm'],
        'push permission': 'ok',
      },
    },
  },
  {
    name: 'no script is imported once the worker is installed',
    code: `return outcomes({
      importScripts: () => importScripts('/late.js'),
      'import()': () => import('/late.js'),
    })`,
    expected: {
      firefox: { importScripts: 'NetworkError', 'import()': 'TypeError' },
      chromium: { importScripts: 'NetworkError', 'import()': 'TypeError' },
      webkit: { importScripts: 'NetworkError', 'import()': 'TypeError' },
    },
  },
  {
    name: 'subscribe refuses what is no key, and tells permission on its terms',
    code: `
      const { pushManager } = self.registration
      const subscribe = (applicationServerKey) => () =>
        pushManager.subscribe({ userVisibleOnly: true, applicationServerKey })
      return outcomes({
        padded: subscribe('${key}='),
        'not base64url': subscribe('!!'),
        empty: subscribe(''),
        short: subscribe(new Uint8Array(5)),
        'off the curve': subscribe(new Uint8Array(65).fill(4)),
        'another key': subscribe('${key}'),
        permissionState: () => pushManager.permissionState(),
        'permissionState for visible ones': () =>
          pushManager.permissionState({ userVisibleOnly: true }),
      })`,
    expected: {
      firefox: { ...refusals(), 'off the curve': 'InvalidAccessError', permissionState: 'ok' },
      // Chromium only looks at the length and the first octet, and finds that it is another key.
      chromium: {
        ...refusals(),
        'off the curve': 'InvalidStateError',
        permissionState: 'NotSupportedError',
      },
      webkit: {
        ...refusals(),
        padded: 'InvalidStateError',
        'off the curve': 'InvalidAccessError',
        permissionState: 'ok',
      },
      // Its check of keys is a stub that refuses them all, once they are read (WebKitGTK 2.50).
      webkitgtk: {
        ...refusals(),
        padded: 'InvalidAccessError',
        'off the curve': 'InvalidAccessError',
        'another key': 'InvalidAccessError',
        permissionState: 'ok',
      },
    },
  },
]

function refusals() {
  return {
    padded: 'InvalidCharacterError',
    'not base64url': 'InvalidCharacterError',
    empty: 'InvalidAccessError',
    short: 'InvalidAccessError',
    'another key': 'InvalidStateError',
    'permissionState for visible ones': 'ok',
  }
}
