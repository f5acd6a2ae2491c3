import type {
  PushSender,
  SendOutcome,
  SubscriptionRecord,
  SubscriptionStore,
} from 'pushwell/server'
import { isArgumentError } from './argument-error.ts'
import type { messages } from './messages.ts'
import { nameOf, type Recipient } from './recipient.ts'

/** What became of a message to all the devices of one recipient. */
export interface SendReport {
  readonly devices: number
  /** How many devices each outcome came from; `failed` where it could not be sent at all. */
  readonly outcomes: Partial<Record<Sent['status'], number>>
  /** The message's id, the same on every device. */
  readonly id: string
  /** Why it was not taken, as far as there is a word for it. */
  readonly reasons: readonly string[]
}

type Sent = SendOutcome | { readonly status: 'failed'; readonly reason: string }

/** What is wrong with the message or the sender is so for every device. */
const everyDevice = new Set<string>(['invalid-argument', 'invalid-message', 'message-too-large'])

/**
 * Tells a recipient, on all their devices, that an order is on its way. A device that cannot be sent
 * to does not keep it from the others.
 *
 * @throws TypeError, RangeError from the sender when the message itself, or the sender's options,
 * cannot be used.
 */
export async function sendOrder(
  sender: PushSender<typeof messages>,
  store: SubscriptionStore,
  recipient: Recipient,
  orderId: string,
): Promise<SendReport> {
  const id = crypto.randomUUID()
  const sent: Sent[] = []
  for await (const record of store.list({ recipient: nameOf(recipient) })) {
    const outcome = await sendToDevice(sender, record, { recipient, orderId, id }).catch(failedOf)
    if (outcome.status === 'gone') await store.remove(record.id)
    sent.push(outcome)
  }
  const outcomes: SendReport['outcomes'] = {}
  for (const { status } of sent) outcomes[status] = (outcomes[status] ?? 0) + 1
  const reasons = sent.flatMap((outcome) => ('reason' in outcome ? [outcome.reason] : []))
  return { devices: sent.length, outcomes, id, reasons }
}

async function sendToDevice(
  sender: PushSender<typeof messages>,
  { subscription, applicationServerKey }: SubscriptionRecord,
  { recipient, orderId, id }: { recipient: Recipient; orderId: string; id: string },
): Promise<SendOutcome> {
  const navigate = `/orders/${encodeURIComponent(orderId)}`
  return sender.send(
    subscription,
    {
      id,
      type: 'order.shipped',
      data: { orderId, eta: 'tomorrow' },
      // What is shown where the page's worker is not there to say it better.
      notification: { title: `Order ${orderId} has shipped`, navigate },
      // The worker compares it with who signed in there. Visitors have not.
      ...('user' in recipient && { recipient: recipient.user }),
    },
    { ttl: 24 * 60 * 60, urgency: 'normal', applicationServerKey },
  )
}

function failedOf(error: unknown): Sent {
  if (!isArgumentError(error)) return { status: 'failed', reason: 'unknown' }
  if (everyDevice.has(error.code)) throw error
  return { status: 'failed', reason: error.code }
}
