import type { FakeChannelClass } from './broadcast-channel.ts'
import type { FakeCacheStorage } from './cache-storage.ts'
import type { FakeClients, FakeWindowClient } from './fake-clients.ts'
import type { FakeNotification } from './fake-notification.ts'
import type { FakePushManager, FakePushSubscription } from './fake-push-manager.ts'
import type { FakePushMessageData } from './push-message-data.ts'
import type { FakeWorkerNavigator } from './worker-navigator.ts'

/**
 * The part of a worker's global object that push workers use, for tests without TypeScript's
 * `WebWorker` library. With it, annotate the parameter: `(self: ServiceWorkerGlobalScope) => …`.
 */
export interface FakeWorkerScope {
  readonly registration: {
    readonly scope: string
    readonly pushManager: FakePushManager
    /** Chromium alone. */
    readonly sync?: {
      register(tag: string): Promise<void>
      getTags(): Promise<string[]>
    }
    showNotification(title: string, options?: object): Promise<void>
    getNotifications(filter?: { readonly tag?: string }): Promise<FakeNotification[]>
  }
  readonly clients: FakeClients
  readonly navigator: FakeWorkerNavigator
  readonly caches: FakeCacheStorage
  readonly BroadcastChannel: FakeChannelClass
  fetch(input: Request | URL | string, init?: RequestInit): Promise<Response>
  skipWaiting(): Promise<void>
  addEventListener<Type extends keyof FakeWorkerEvents>(
    type: Type,
    listener: (event: FakeWorkerEvents[Type]) => unknown,
  ): void
  removeEventListener<Type extends keyof FakeWorkerEvents>(
    type: Type,
    listener: (event: FakeWorkerEvents[Type]) => unknown,
  ): void
}

/** An event that may keep its worker alive. */
export interface FakeExtendableEvent extends Event {
  waitUntil(promise: Promise<unknown>): void
}

/** The events that the harness sends. */
export interface FakeWorkerEvents {
  install: FakeExtendableEvent
  activate: FakeExtendableEvent
  push: FakeExtendableEvent & {
    readonly data: FakePushMessageData | null
    /** WebKit alone: what a mutable declarative message proposes. */
    readonly notification?: FakeNotification | null
    readonly appBadge?: number | null
  }
  notificationclick: FakeNotificationEvent
  notificationclose: FakeNotificationEvent
  pushsubscriptionchange: FakeExtendableEvent & {
    readonly oldSubscription: FakePushSubscription | null
    readonly newSubscription: FakePushSubscription | null
  }
  message: FakeExtendableEvent & {
    readonly data: unknown
    readonly origin: string
    readonly source: FakeWindowClient | null
  }
  sync: FakeExtendableEvent & { readonly tag: string; readonly lastChance: boolean }
}

/** A click or a dismissal. */
export interface FakeNotificationEvent extends FakeExtendableEvent {
  readonly notification: FakeNotification
  readonly action: string
  /** Chromium alone. */
  readonly reply?: string | null
}
