import { typeError } from '../shared/errors.ts'
import type { MessageDefinitions } from '../shared/message.ts'
import type { PushSubscriptionData } from '../shared/subscription.ts'
import { assembleSender } from './assemble-sender.ts'
import { createMessageEncryption } from './encrypt-message.ts'
import { createFetchTransport } from './fetch-transport.ts'
import type { OutgoingMessage } from './outgoing-message.ts'
import type { PushSenderOptions, SendOptions } from './push-sender-options.ts'
import type { SendAllOptions, SendResult, SendTarget } from './send-all-options.ts'
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

  /**
   * Sends one message to many, with a bounded number of them in memory and under way, and tries
   * again as `attempts` says. All get the message under one id. Its work goes on only while its
   * results are taken: whoever stops taking stops it, and ends what is under way.
   *
   * A subscription that is none, or whose endpoint is refused, has the outcome `rejected`, and
   * keeps nobody else from theirs; so has one for which a function gives a message that is too large.
   *
   * @param targets - Subscriptions, or records with one in them, from memory or from a database.
   * @param message - One for all, or a function that gives the one for a target.
   * @returns Each target with its outcome, in the order in which they are known. It throws as `send`
   * does for a message or an option that is wrong, and what the source throws, once it has given the
   * outcomes of what was under way; and the signal's reason, once it has given those that are known.
   *
   * @example
   * for await (const { target, outcome } of sender.sendAll(store.list({}), message)) {
   *   if (outcome.status === 'gone') await store.remove(target.id)
   * }
   */
  sendAll<Target extends SendTarget>(
    targets: Iterable<Target> | AsyncIterable<Target>,
    message: OutgoingMessage<Definitions> | ((target: Target) => OutgoingMessage<Definitions>),
    options?: SendAllOptions,
  ): AsyncGenerator<SendResult<Target>, void, undefined>
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
