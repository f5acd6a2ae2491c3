import type { Locks } from '../src/shared/drain-outbox.ts'
import type { SubscriptionSource } from '../src/shared/outbox.ts'

/**
 * What a push worker touches of its `ServiceWorkerGlobalScope`, and no more. Written out so that
 * an app needs no particular `lib` in its own `tsconfig`, and because TypeScript's libraries lack
 * `actions`, `navigate` and more.
 */
export interface WorkerScope {
  readonly registration: {
    readonly scope: string
    readonly pushManager: {
      getSubscription(): Promise<WorkerSubscription | null>
      subscribe(options: {
        userVisibleOnly: true
        applicationServerKey: string
      }): Promise<WorkerSubscription>
    }
    showNotification(title: string, options?: NotificationDetails): Promise<void>
    getNotifications(): Promise<readonly WorkerNotification[]>
    /** Background Sync (Chromium 49; neither Firefox nor Safari). */
    readonly sync?: { register(tag: string): Promise<void> }
  }
  readonly Notification?: { readonly maxActions?: number | undefined; readonly prototype?: object }
  readonly clients: {
    matchAll(options: {
      type: 'window'
      includeUncontrolled?: boolean
    }): Promise<readonly WorkerWindow[]>
    openWindow(url: string): Promise<WorkerWindow | null>
  }
  readonly navigator: {
    readonly locks?: Locks
    readonly language?: string
    readonly userAgent: string
    readonly setAppBadge?: (count: number) => Promise<unknown>
  }
  addEventListener<Type extends keyof WorkerEvents>(
    type: Type,
    listener: (event: WorkerEvents[Type]) => void,
  ): void
}

/** The events that a push worker answers. */
export interface WorkerEvents {
  push: WorkerEvent & {
    readonly data: { arrayBuffer(): ArrayBuffer } | null
    /** What the browser shows of a mutable declarative message unless the worker shows another. */
    readonly notification?: Readonly<Record<string, unknown>> | null
    readonly appBadge?: number | null
  }
  notificationclick: WorkerEvent & {
    readonly action: string
    readonly notification: WorkerNotification
    /** The text of an inline reply (Chromium 117); `null` for another click. */
    readonly reply?: string | null
  }
  notificationclose: WorkerEvent & { readonly notification: WorkerNotification }
  pushsubscriptionchange: WorkerEvent & {
    readonly oldSubscription?: WorkerSubscription | null
    readonly newSubscription?: WorkerSubscription | null
  }
  sync: WorkerEvent & { readonly tag: string }
  message: WorkerEvent & {
    readonly data: unknown
    readonly ports: ReadonlyArray<{ postMessage(message: unknown): void }>
  }
}

/** What is used of a `Notification`. */
export interface WorkerNotification extends NotificationDetails {
  readonly title: string
  close(): void
}

interface WorkerEvent {
  waitUntil(promise: Promise<unknown>): void
  stopImmediatePropagation(): void
}

/** What is read of a `PushSubscription`. */
export interface WorkerSubscription extends SubscriptionSource {
  readonly options?: { readonly applicationServerKey?: ArrayBuffer | null }
}

/** What is used of a `WindowClient`. */
export interface WorkerWindow {
  readonly id: string
  readonly url: string
  readonly focused: boolean
  /** `nested` for a frame inside a page. */
  readonly frameType?: string
  focus(): Promise<WorkerWindow>
  /** Gives `null` when it has left the origin. */
  navigate(url: string): Promise<WorkerWindow | null>
  postMessage(message: unknown, transfer?: Transferable[]): void
}

/** The options of `showNotification` (Notifications API §2.6), with those that TypeScript lacks. */
export interface NotificationDetails {
  readonly body?: string
  readonly tag?: string
  readonly lang?: string
  readonly dir?: 'auto' | 'ltr' | 'rtl'
  readonly icon?: string
  readonly image?: string
  readonly badge?: string
  readonly silent?: boolean
  readonly requireInteraction?: boolean
  readonly renotify?: boolean
  readonly timestamp?: number
  readonly vibrate?: readonly number[]
  readonly actions?: ReadonlyArray<{
    readonly action: string
    readonly title: string
    readonly icon?: string
    readonly type?: string
    readonly placeholder?: string
  }>
  readonly data?: unknown
}
