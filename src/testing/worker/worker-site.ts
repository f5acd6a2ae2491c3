import type { FakeCacheStorage } from './cache-storage.ts'
import type { ChannelHub } from './broadcast-channel.ts'
import type { NotificationCenter } from './notification-center.ts'
import type { SubscriptionState } from './subscription-state.ts'
import type { EngineTraits, WorkerEngine } from './worker-engine.ts'
import type { WorkerWindows } from './worker-windows.ts'

/** Something that failed inside the worker, where nothing in it caught it. */
export interface WorkerError {
  /**
   * Where: a `listener` threw, a promise given to `waitUntil` was rejected (`wait-until`), one that
   * nobody handled was (`rejection`), a `timer` threw, or the worker itself told of it (`reported`, by
   * `reportError`).
   */
  readonly kind: 'listener' | 'wait-until' | 'rejection' | 'timer' | 'reported'
  /** The type of the event that it happened for, where that is known. */
  readonly event?: string
  readonly error: unknown
}

/** What the worker did to windows. */
export interface WindowAction {
  readonly kind: 'opened' | 'focused' | 'navigated'
  readonly url: string
}

export type WorkerPermission = 'granted' | 'denied' | 'default'

/** All that outlives one run of a worker's script. */
export interface WorkerSite {
  readonly engine: WorkerEngine
  readonly traits: EngineTraits
  /** The registration's scope, an absolute URL. */
  readonly scope: string
  readonly scriptUrl: string
  readonly now: () => number
  permission: WorkerPermission
  state: 'installing' | 'installed' | 'activating' | 'activated'
  badge: number | null
  /** Silent pushes that the engine holds against the subscription. */
  strikes: number
  readonly notifications: NotificationCenter
  readonly windows: WorkerWindows
  readonly subscription: SubscriptionState
  readonly caches: FakeCacheStorage
  readonly channels: ChannelHub
  readonly syncTags: Set<string>
  /** What the worker did to windows, oldest first. */
  readonly actions: WindowAction[]
  readonly errors: WorkerError[]
  readonly warnings: string[]
}
