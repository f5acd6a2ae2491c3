/** What the page client touches of the browser. A test passes its own. */
export interface PagePlatform {
  readonly isSecureContext: boolean
  /** Whether the page stands in a frame of another origin, where browsers let nobody subscribe. */
  readonly isCrossOriginFrame: boolean
  /** Absent in an insecure context and in some private modes. */
  readonly serviceWorker?: ServiceWorkers | undefined
  readonly hasPushManager: boolean
  /** `window.pushManager` (Declarative Web Push; Safari 18.4), which needs no worker. */
  readonly pushManager?: PushManager | undefined
  /** Absent in an iOS tab. */
  readonly notification?: NotificationSource | undefined
  readonly permissions?: Pick<Permissions, 'query'> | undefined
  /** `navigator.standalone`, which only Apple's browsers on phones and tablets have. */
  readonly standalone?: boolean | undefined
  readonly language?: string | undefined
  /** The operating system, as far as the browser names it. */
  readonly platform?: string | undefined
  /** Only Brave has it. */
  readonly brave?: { isBrave(): Promise<boolean> } | undefined
  readonly fetch: typeof fetch
  /** Makes tabs and worker take turns. */
  readonly locks?: Pick<LockManager, 'request'> | undefined
  /** Opens the channel over which tabs and worker hear of each other. */
  readonly openChannel?: ((name: string) => BroadcastChannel) | undefined
  /** What `online`, `focus` and `visibilitychange` are heard at. */
  readonly events?: Pick<EventTarget, 'addEventListener'> | undefined
  /**
   * Whether `subscribe()` has to be called within the click. Chromium asks for no click, and makes a
   * subscription each for tabs that subscribe at the same moment (156).
   */
  readonly needsGesture: boolean
  readonly hasFocus: () => boolean
  readonly isVisible: () => boolean
  /** The page's URL. */
  readonly url: () => string
  /** Gives milliseconds since 1970. */
  readonly now: () => number
  /** Gives a number from 0 up to 1. */
  readonly random: () => number
}

/** What is used of `navigator.serviceWorker`. */
export type ServiceWorkers = Pick<ServiceWorkerContainer, 'register'> &
  Partial<Pick<ServiceWorkerContainer, 'addEventListener' | 'startMessages' | 'getRegistration'>>

/** The static side of `Notification`. */
export interface NotificationSource {
  readonly permission: NotificationPermission
  /** Old browsers call back and give no promise. */
  requestPermission(
    answered?: (permission: NotificationPermission) => void,
  ): Promise<NotificationPermission> | undefined
}

/** What browsers have that TypeScript's library lacks. */
type Extras = Partial<{
  standalone: boolean
  brave: NonNullable<PagePlatform['brave']>
  userAgentData: { readonly platform?: string }
}>

/** Reads the browser that this runs in; harmless where there is none, as on a server. */
export function browserPlatform(): PagePlatform {
  const global: Partial<typeof globalThis & { pushManager: PushManager }> = globalThis
  const navigator: Partial<Navigator> & Extras = global.navigator ?? {}
  const { BroadcastChannel } = global
  return {
    isSecureContext: global.isSecureContext ?? false,
    isCrossOriginFrame: isCrossOriginFrame(global),
    serviceWorker: navigator.serviceWorker,
    hasPushManager: 'PushManager' in global,
    pushManager: global.pushManager,
    notification: global.Notification,
    permissions: navigator.permissions,
    standalone: navigator.standalone,
    language: navigator.language,
    platform: navigator.userAgentData?.platform ?? navigator.platform,
    brave: navigator.brave,
    locks: navigator.locks,
    fetch: (input, init) => fetch(input, init),
    openChannel: BroadcastChannel && ((name) => new BroadcastChannel(name)),
    events: global.document && global.window,
    needsGesture: !('userAgentData' in navigator),
    hasFocus: () => global.document?.hasFocus() ?? false,
    isVisible: () => global.document?.visibilityState === 'visible',
    url: () => global.location?.href ?? '',
    now: Date.now,
    random: Math.random,
  }
}

function isCrossOriginFrame({ window, top }: Partial<typeof globalThis>): boolean {
  try {
    return window !== top && top?.location.href === undefined
  } catch {
    return true
  }
}
