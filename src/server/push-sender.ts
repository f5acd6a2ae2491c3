import { typeError } from '../shared/errors.ts'
import type { MessageDefinitions } from '../shared/message.ts'
import type { PushSubscriptionData } from '../shared/subscription.ts'
import { assembleSender } from './assemble-sender.ts'
import { createMessageEncryption } from './encrypt-message.ts'
import { createFetchTransport } from './fetch-transport.ts'
import type { OutgoingMessage } from './outgoing-message.ts'
import type { PushSenderOptions, SendOptions } from './push-sender-options.ts'
import type { SendOutcome } from './send-outcome.ts'

/** Sends messages to subscriptions. */
export interface PushSender<Definitions extends MessageDefinitions = MessageDefinitions> {
  /**
   * Encrypts one message for one subscription and hands it to its push service.
   *
   * @returns What became of it. Nothing that a push service or the network does rejects.
   * @throws TypeError, RangeError naming the argument: `invalid-subscription`, `endpoint-refused`,
   * `invalid-message`, `message-too-large`, `invalid-application-server-key` when the sender has no
   * pair with that key, or `invalid-argument` for another option or VAPID keys that do not belong
   * together.
   */
  send(
    subscription: PushSubscriptionData,
    message: OutgoingMessage<Definitions>,
    options?: SendOptions,
  ): Promise<SendOutcome>
}

/**
 * Makes a sender of web push messages.
 *
 * @throws TypeError, RangeError with the code `invalid-argument` for options that are wrong on
 * their face.
 *
 * @example
 * const sender = createPushSender({ vapid: { subject: 'mailto:ops@example.com', ...keys } })
 * const outcome = await sender.send(subscription, { notification: { title: 'Hello' } })
 * if (outcome.status === 'gone') await store.remove(id)
 */
export function createPushSender<Definitions extends MessageDefinitions = MessageDefinitions>(
  options: PushSenderOptions<Definitions>,
): PushSender<Definitions> {
  const { fetch = globalThis.fetch, transport = createFetchTransport(fetch), proxy } = options
  if (proxy !== undefined) {
    throw typeError('invalid-argument', 'proxy is for Node: elsewhere, give a fetch that uses one.')
  }
  return assembleSender(options, { encrypt: createMessageEncryption(), transport })
}
