export type { ApplicationServerKey } from '../shared/application-server-key.ts'
export { isPushwellError, PushwellError } from '../shared/errors.ts'
export type { ArgumentError, PushwellErrorCode } from '../shared/errors.ts'
export type {
  ClientDescription,
  PutSubscriptionRequest,
  PutSubscriptionResponse,
} from '../shared/protocol.ts'
export type { PushSubscriptionData } from '../shared/subscription.ts'
export type { SyncTransport } from '../shared/sync-transport.ts'
export type { NotificationSource, PagePlatform } from './page-platform.ts'
export { createPushClient } from './push-client.ts'
export type { EnableResult, PushClient } from './push-client.ts'
export type { PushClientOptions, SyncOptions } from './push-client-options.ts'
export type { PushState, Remedy, StoppedState, UnsupportedReason } from './push-state.ts'
export type { Subscribed } from './subscription-lifecycle.ts'
export type { ServiceWorkerSource } from './worker-registration.ts'
