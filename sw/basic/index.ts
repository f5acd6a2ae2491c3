export { createBasicPushWorker } from './basic-push-worker.ts'
export type { BasicPushWorker } from './basic-push-worker.ts'
export type { BasicRoute, BasicRouteMessage } from './basic-route.ts'
export type { BasicPushWorkerOptions } from './basic-push-worker-options.ts'
export type { WindowMatch } from '../choose-window.ts'
export type {
  NotificationAction,
  NotificationDescriptor,
  NotificationPost,
} from '../notification.ts'
export type { ReceivedAction, ReceivedNotification } from '../../src/shared/parse-message.ts'
export type {
  NotificationDetails,
  WorkerEvents,
  WorkerNotification,
  WorkerScope,
  WorkerSubscription,
  WorkerWindow,
} from '../worker-scope.ts'
