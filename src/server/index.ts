export { isPushwellError, PushwellError } from '../shared/errors.ts'
export type { ArgumentError, PushwellErrorCode } from '../shared/errors.ts'
export type { ApplicationServerKey } from '../shared/application-server-key.ts'
export type {
  MessageData,
  MessageDefinitions,
  MessageInput,
  MessageType,
  StandardSchema,
} from '../shared/message.ts'
export { subscriptionId } from '../shared/protocol.ts'
export type {
  ClientDescription,
  DeleteSubscriptionRequest,
  KeyResponse,
  ProblemDetails,
  PutSubscriptionRequest,
  PutSubscriptionResponse,
  ReceiptsRequest,
} from '../shared/protocol.ts'
export type { Receipt } from '../shared/receipt.ts'
export { parseSubscription } from '../shared/subscription.ts'
export type { PushSubscriptionData } from '../shared/subscription.ts'
export type { MessageContent, NotificationContent } from '../shared/message-content.ts'
export type { CrossOriginOptions } from './cross-origin.ts'
export type { DeliveryOptions, Urgency } from './delivery-headers.ts'
export { isPublicEndpoint } from './endpoint-policy.ts'
export type { EndpointPolicy } from './endpoint-policy.ts'
export { createMemoryStore } from './memory-store.ts'
export type { MessageFrame, OutgoingMessage, RawPayload, TypedMessage } from './outgoing-message.ts'
export { createPostgresStore, postgresStoreTable } from './postgres-store.ts'
export type { PostgresStore, PostgresStoreOptions, SqlClient } from './postgres-store.ts'
export { parseVapidKeys } from './parse-vapid-keys.ts'
export type { VapidKeySource } from './parse-vapid-keys.ts'
export { createPushSender } from './push-sender.ts'
export type { PushSender } from './push-sender.ts'
export type { PushSenderOptions, SendOptions } from './push-sender-options.ts'
export type { Fetch } from './fetch-transport.ts'
export type { PushRequest, PushResponse, PushTransport } from './push-transport.ts'
export type { PushServiceName } from './push-service-name.ts'
export type { RejectReason, RetryReason, SendOutcome } from './send-outcome.ts'
export type {
  CheckedOutcome,
  SendAllOptions,
  SendResult,
  SendResultOutcome,
  SendTarget,
} from './send-all-options.ts'
export type { SendProgress } from './send-progress.ts'
export { pushServiceHosts } from './push-service-hosts.ts'
export { createSubscriptionHandler } from './subscription-handler.ts'
export type { SubscriptionHandler } from './subscription-handler.ts'
export type { Authorized, SubscriptionHandlerOptions } from './subscription-handler-options.ts'
export type {
  SubscriptionFilter,
  SubscriptionRecord,
  SubscriptionStore,
} from './subscription-store.ts'
export { generateVapidKeys } from './vapid-keys.ts'
export type { VapidKeyRing, VapidKeys, VapidOptions } from './vapid-keys.ts'
