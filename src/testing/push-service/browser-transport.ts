import type { ServiceMessage } from './service-message.ts'
import type { RegisteredSubscription } from './subscription-registry.ts'

/**
 * One connected browser, whatever protocol it speaks. An engine makes one for each connection and
 * hands it to {@link Delivery.connect}; acknowledgements go to {@link Delivery.settle}.
 */
export interface BrowserTransport {
  /** Sends one message. Must not throw: a broken connection reports itself by disconnecting. */
  deliver(subscription: RegisteredSubscription, message: ServiceMessage): void
  /** Drops the connection so that the browser comes back at once. */
  drop(): void
}
