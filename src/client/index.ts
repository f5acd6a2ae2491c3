export { allowReceipts } from './allow-receipts.ts'
export type { ApplicationServerKey } from '../shared/application-server-key.ts'
export { isPushwellError, PushwellError } from '../shared/errors.ts'
export type { ArgumentError, PushwellErrorCode, Remedy } from '../shared/errors.ts'
export type { Inbox, InboxFilter } from '../shared/inbox-face.ts'
export type { InboxMessage } from '../shared/inbox-entry.ts'
export type {
  ClientDescription,
  PutSubscriptionRequest,
  PutSubscriptionResponse,
} from '../shared/protocol.ts'
export type { PushFailure, PushStage } from '../shared/push-failure.ts'
export type { RecordedFailure } from '../shared/registration-record.ts'
export type { PushSubscriptionData } from '../shared/subscription.ts'
export type { SyncTransport } from '../shared/sync-transport.ts'
export type {
  DebugEntry,
  EnvironmentReport,
  OutboxReport,
  PushDiagnosis,
  RegistrationReport,
  SubscriptionReport,
} from './diagnosis.ts'
export type { Identity, TagChange } from './identity.ts'
export { createInbox } from './inbox.ts'
export type { PageInbox, PageInboxOptions } from './inbox.ts'
export type { ForegroundMessage, Navigate, PageClick, PageMessage } from './page-events.ts'
export type { NotificationSource, PagePlatform, ServiceWorkers } from './page-platform.ts'
export { createPushClient } from './push-client.ts'
export type { EnableResult, PushClient, SubscriptionClient } from './push-client-methods.ts'
export type {
  PushClientOptions,
  SubscriptionClientOptions,
  SyncOptions,
} from './push-client-options.ts'
export type { PushState, StoppedState, UnsupportedReason } from './push-state.ts'
export { createSubscriptionClient } from './subscription-client.ts'
export type { ServiceWorkerSource } from './worker-registration.ts'
