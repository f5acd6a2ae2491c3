export { loadWorker } from './load-worker.ts'
export type {
  FakeExtendableEvent,
  FakeNotificationEvent,
  FakeWorkerEvents,
  FakeWorkerScope,
} from './fake-worker-scope.ts'
export type { LoadWorkerOptions } from './load-worker-options.ts'
export type {
  LoadedWorker,
  SubscriptionChange,
  WorkerClickOptions,
  WorkerClickResult,
  WorkerEventResult,
  WorkerPushResult,
} from './loaded-worker.ts'
export type { ShownNotification, ShownNotificationEnd } from './notification-center.ts'
export type { ShownNotificationContent, ShownAction } from './notification-content.ts'
export type { SilentPushPenalty } from './silent-push.ts'
export type { WorkerEngine } from './worker-engine.ts'
export type { WorkerFetch } from './worker-fetch.ts'
export type { WorkerError, WorkerPermission } from './worker-site.ts'
export type { WorkerWindow, WorkerWindowOptions } from './worker-windows.ts'
