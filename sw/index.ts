export type { Inbox, InboxFilter } from '../src/shared/inbox-face.ts'
export type { InboxMessage } from '../src/shared/inbox-entry.ts'
export type {
  ReceivedAction,
  ReceivedMessage,
  ReceivedNotification,
} from '../src/shared/parse-message.ts'
export type { PushFailure, PushStage } from '../src/shared/push-failure.ts'
export type { RegistrationRecord, RegistrationRecords } from '../src/shared/registration-record.ts'
export type { StoredClick } from '../src/shared/stored-click.ts'
export { badge } from './badge.ts'
export { foreground } from './foreground.ts'
export type { WindowMatch } from './choose-window.ts'
export { fetchMessage } from './fetch-message.ts'
export type { FetchMessageOptions } from './fetch-message.ts'
export { flatPayload } from './flat-payload.ts'
export type { GroupRule, GroupRules, NotificationGroup } from './group-rule.ts'
export { groups } from './groups.ts'
export { inbox } from './inbox.ts'
export type { InboxOptions, InboxPart } from './inbox.ts'
export type {
  ClickRecord,
  FoldedGroup,
  GroupItem,
  GroupRecord,
  MessageIdentity,
  NotificationAction,
  NotificationDescriptor,
  NotificationPost,
} from './notification.ts'
export { posts } from './posts.ts'
export type { FailedPost, PostsOptions } from './posts-options.ts'
export type { Catalog, Catalogs, PluralForms } from './localized-text.ts'
export { receipts } from './receipts.ts'
export type { ReceiptsOptions } from './receipts.ts'
export { createPushWorker } from './push-worker.ts'
export type { PushWorker } from './push-worker.ts'
export type { PushWorkerOptions } from './push-worker-options.ts'
export type { AdaptedMessage, PayloadAdapter } from './read-message.ts'
export type {
  Middleware,
  Route,
  RouteClick,
  RouteFor,
  RouteMessage,
  RoutePattern,
} from './route.ts'
export type { PostHeaders } from './send-post.ts'
export { translations } from './translations.ts'
export type { Translations, TranslationsOptions } from './translations.ts'
export type { PartContext } from './part-context.ts'
export type { WorkerPart } from './worker-part.ts'
export type { ChosenNotification } from './chosen-notification.ts'
export type {
  NotificationDetails,
  WorkerEvents,
  WorkerNotification,
  WorkerScope,
  WorkerSubscription,
  WorkerWindow,
} from './worker-scope.ts'
