/** Whose habits the fakes follow. */
export type WorkerEngine = 'chromium' | 'firefox' | 'webkit'

/** A member of `NotificationOptions` beside `title`. */
export type NotificationMember =
  | 'dir'
  | 'lang'
  | 'body'
  | 'tag'
  | 'icon'
  | 'image'
  | 'badge'
  | 'vibrate'
  | 'timestamp'
  | 'renotify'
  | 'silent'
  | 'requireInteraction'
  | 'data'
  | 'actions'
  | 'navigate'

/** What a worker can tell engines apart by. */
export interface EngineTraits {
  /** The options that the engine reads, and that its `Notification` has; it ignores all others. */
  readonly members: readonly NotificationMember[]
  readonly maxActions: number | undefined
  /** Whether an action keeps its icon. */
  readonly actionIcons: boolean
  /** `silent` of a notification that was not told. */
  readonly defaultSilent: boolean | null
  /** Whether `notificationclose` also comes for `close()` and for replacement by tag. */
  readonly closeEventForAll: boolean
  /** Whether `getNotifications()` still lists a notification in the task that closed it. */
  readonly closesLater: boolean
  /** How long after a click windows may be opened and focused. */
  readonly activationMs: number
  /** How many windows one click may open or focus. */
  readonly activationUses: number
  /** What `openWindow` refuses with a TypeError before it asks for a click; all do so after it. */
  readonly refusesBeforeClick: 'invalid URL' | 'about:blank' | null
  /** Whether `text()` and `json()` keep a byte order mark. */
  readonly keepsByteOrderMark: boolean
  /** Whether a push that is not UTF-8 comes without any data. */
  readonly dropsOtherThanUtf8: boolean
  /** What `subscribe()` in a worker insists on. */
  readonly subscribe: {
    readonly needsUserVisibleOnly: boolean
    /** The name of the error for a missing key; `undefined` where none is needed. */
    readonly missingKey: string | undefined
    /** The name of the error when no worker is active; `undefined` where it does not matter. */
    readonly notActive: string | undefined
    /** Whether a key must lie on the curve; else its length and first octet are all. */
    readonly checksCurve: boolean
    /** Whether a key may end in the padding of base64. */
    readonly takesPaddedKey: boolean
    /** Whether `permissionState()` must be given `userVisibleOnly: true`. */
    readonly strictState: boolean
    /** Whether a subscription's options tell `userVisibleOnly`. */
    readonly tellsUserVisibleOnly: boolean
  }
  readonly contentEncodings: readonly string[]
  /** What `pushsubscriptionchange` carries for a subscription that was lost. */
  readonly tellsOldSubscription: boolean
  /** Whether declarative messages are shown without the worker. */
  readonly declarative: boolean
  readonly appBadge: boolean
  readonly backgroundSync: boolean
  readonly reply: boolean
  /** What stands in the scope beside what all engines have. */
  readonly tellsServiceWorker: boolean
}

const common = ['dir', 'lang', 'body', 'tag', 'icon', 'silent', 'data'] as const

const chromium: EngineTraits = {
  members: [
    ...common,
    'image',
    'badge',
    'vibrate',
    'timestamp',
    'renotify',
    'requireInteraction',
    'actions',
  ],
  maxActions: 2,
  actionIcons: true,
  defaultSilent: false,
  closeEventForAll: false,
  closesLater: false,
  activationMs: 10_000,
  activationUses: 1,
  refusesBeforeClick: 'invalid URL',
  keepsByteOrderMark: true,
  dropsOtherThanUtf8: true,
  subscribe: {
    needsUserVisibleOnly: true,
    missingKey: 'AbortError',
    notActive: 'AbortError',
    checksCurve: false,
    takesPaddedKey: false,
    strictState: true,
    tellsUserVisibleOnly: true,
  },
  contentEncodings: ['aes128gcm', 'aesgcm'],
  tellsOldSubscription: false,
  declarative: false,
  appBadge: true,
  backgroundSync: true,
  reply: true,
  tellsServiceWorker: true,
}

const firefox: EngineTraits = {
  members: [...common, 'requireInteraction', 'actions'],
  maxActions: 2,
  actionIcons: false,
  defaultSilent: false,
  closeEventForAll: true,
  closesLater: true,
  activationMs: 1000,
  activationUses: Infinity,
  refusesBeforeClick: 'about:blank',
  keepsByteOrderMark: false,
  dropsOtherThanUtf8: false,
  subscribe: {
    needsUserVisibleOnly: false,
    missingKey: undefined,
    notActive: undefined,
    checksCurve: true,
    takesPaddedKey: false,
    strictState: false,
    tellsUserVisibleOnly: false,
  },
  contentEncodings: ['aes128gcm'],
  tellsOldSubscription: true,
  declarative: false,
  appBadge: false,
  backgroundSync: false,
  reply: false,
  tellsServiceWorker: false,
}

const webkit: EngineTraits = {
  members: [...common, 'navigate'],
  maxActions: undefined,
  actionIcons: false,
  defaultSilent: null,
  closeEventForAll: false,
  closesLater: false,
  activationMs: 2000,
  activationUses: Infinity,
  refusesBeforeClick: null,
  keepsByteOrderMark: false,
  dropsOtherThanUtf8: false,
  subscribe: {
    needsUserVisibleOnly: true,
    missingKey: 'NotSupportedError',
    notActive: 'InvalidStateError',
    checksCurve: true,
    takesPaddedKey: true,
    strictState: false,
    tellsUserVisibleOnly: true,
  },
  contentEncodings: ['aesgcm', 'aes128gcm'],
  tellsOldSubscription: true,
  declarative: true,
  appBadge: true,
  backgroundSync: false,
  reply: false,
  tellsServiceWorker: true,
}

/**
 * The engines side by side: Chromium 156 and Firefox 153 as they were seen to behave; WebKit as its
 * source and documentation say (Safari 18.5), and as WebKitGTK 2.50 shows wherever Apple's own
 * notifications and push service have no part in it.
 */
export const engineTraits: Readonly<Record<WorkerEngine, EngineTraits>> = {
  chromium,
  firefox,
  webkit,
}
