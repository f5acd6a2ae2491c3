/** What the page client touches of the browser. A test passes its own. */
export interface PagePlatform {
  readonly isSecureContext: boolean
  /** Absent in an insecure context and in some private modes. */
  readonly serviceWorker?: Pick<ServiceWorkerContainer, 'register'> | undefined
  readonly hasPushManager: boolean
  /** Absent in an iOS tab. */
  readonly notification?: NotificationSource | undefined
  /** `navigator.standalone`, which only Apple's browsers on phones and tablets have. */
  readonly standalone?: boolean | undefined
  readonly language?: string | undefined
  readonly fetch: typeof fetch
  /** Makes tabs and worker take turns. */
  readonly locks?: Pick<LockManager, 'request'> | undefined
}

/** The static side of `Notification`. */
export interface NotificationSource {
  readonly permission: NotificationPermission
  requestPermission(): Promise<NotificationPermission>
}

/** Reads the browser that this runs in; harmless where there is none, as on a server. */
export function browserPlatform(): PagePlatform {
  const global: Partial<typeof globalThis> = globalThis
  const navigator: Partial<Navigator> & { standalone?: boolean } = global.navigator ?? {}
  return {
    isSecureContext: global.isSecureContext ?? false,
    serviceWorker: navigator.serviceWorker,
    hasPushManager: 'PushManager' in global,
    notification: global.Notification,
    standalone: navigator.standalone,
    language: navigator.language,
    locks: navigator.locks,
    fetch: (input, init) => fetch(input, init),
  }
}
