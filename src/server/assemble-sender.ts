import { rangeError } from '../shared/errors.ts'
import type { MessageDefinitions } from '../shared/message.ts'
import { maximumOctets } from '../shared/write-message.ts'
import { createDelivery, createDeliveryCheck } from './delivery.ts'
import { deliveryHeaders } from './delivery-headers.ts'
import { checkEndpointPolicy } from './endpoint-policy.ts'
import type { PushSender } from './push-sender.ts'
import type { PushSenderOptions, SendOptions } from './push-sender-options.ts'
import { idOf, readyMessage } from './ready-message.ts'
import { createRecipients } from './recipients.ts'
import { sendToAll, whileFresh } from './send-all.ts'
import type { SenderPlatform } from './sender-platform.ts'
import { createVapidAuthorization } from './vapid-authorization.ts'

/** Subscriptions that a sender knows again, so that nothing of them is read and imported twice. */
const knownRecipients = 1000

/** Timers count in 31 bits: of more, they end at once. */
const longestTimer = 2 ** 31 - 1

/**
 * Makes a sender of what its platform is best at.
 *
 * @throws TypeError, RangeError with the code `invalid-argument` for options that are wrong on
 * their face.
 */
export function assembleSender<Definitions extends MessageDefinitions>(
  options: PushSenderOptions<Definitions>,
  platform: SenderPlatform,
): PushSender<Definitions> {
  const { vapid, messages: definitions, endpoints, now = Date.now, ttl = 2_419_200 } = options
  const { timeoutMs = 30_000, padding = [], concurrencyPerOrigin = 100 } = options
  const authorization = createVapidAuthorization(vapid, now)
  deliveryHeaders({ ttl })
  checkCount(concurrencyPerOrigin, 'concurrencyPerOrigin')
  checkCount(timeoutMs, 'timeoutMs', longestTimer)
  for (const size of padding) checkCount(size, 'Each size in padding', maximumOctets)
  checkEndpointPolicy(endpoints)
  const recipientOf = createRecipients(endpoints, knownRecipients)
  const writing = { definitions, padding, ttl, now }
  const parts = { ...platform, now, timeoutMs, concurrencyPerOrigin, authorization }
  const deliver = createDelivery(parts)
  const check = createDeliveryCheck(parts)
  const sending = { recipientOf, deliver, check, now }

  return {
    async send(subscription, message, sendOptions: SendOptions = {}) {
      const { attempts = 1, applicationServerKey, signal } = sendOptions
      checkCount(attempts, 'attempts')
      const recipient = recipientOf(subscription)
      const ready = await readyMessage(message, sendOptions, writing)
      return deliver({ recipient, message: ready, attempts, applicationServerKey, signal })
    },

    sendAll(targets, message, sendOptions = {}) {
      const { concurrency = 1, attempts = 1 } = sendOptions
      checkCount(concurrency, 'concurrency')
      checkCount(attempts, 'attempts')
      if (typeof message === 'function') {
        const write = (target: Parameters<typeof message>[0]) =>
          readyMessage(message(target), sendOptions, writing)
        return sendToAll(targets, write, sendOptions, { ...sending, isEachOwn: true })
      }
      const id = idOf(message)
      const write = whileFresh(() => readyMessage(message, sendOptions, writing, id), now)
      return sendToAll(targets, write, sendOptions, { ...sending, isEachOwn: false })
    },
  }
}

function checkCount(value: number, name: string, most = Infinity): void {
  if (Number.isInteger(value) && value > 0 && value <= most) return
  const limit = most === Infinity ? '' : ` to ${most}`
  throw rangeError('invalid-argument', `${name} must be a whole number from 1${limit}.`)
}
