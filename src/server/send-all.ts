import type { PushSubscriptionData } from '../shared/subscription.ts'
import type { Shipment, ReadyMessage } from './delivery.ts'
import type { Recipient } from './recipients.ts'
import type {
  SendAllOptions,
  SendResult,
  SendResultOutcome,
  SendTarget,
} from './send-all-options.ts'
import type { RejectReason, SendOutcome } from './send-outcome.ts'
import { countProgress } from './send-progress.ts'
import { type Aside, workThrough } from './work-through.ts'

/** What sending to many is made of. */
export interface SendAllParts {
  readonly recipientOf: (subscription: PushSubscriptionData) => Recipient
  readonly deliver: (shipment: Shipment) => Promise<SendOutcome>
  /** Everything but the request. */
  readonly check: (shipment: Shipment) => Promise<void>
  readonly now: () => number
  /** Each target has a message of its own, so that one that is too large is wrong for it alone. */
  readonly isEachOwn: boolean
}

/** Subscriptions that wait for another try, at the most. */
const mostAside = 1000

/** A written message is used again for so long: a time to live has whole seconds. */
const freshMs = 1000

/**
 * Sends to many.
 *
 * @param ready - Makes the message for one of them; the last one's again while that is fresh.
 */
export async function* sendToAll<Target extends SendTarget>(
  targets: Iterable<Target> | AsyncIterable<Target>,
  ready: (target: Target) => Promise<ReadyMessage>,
  options: SendAllOptions,
  { recipientOf, deliver, check, now, isEachOwn }: SendAllParts,
): AsyncGenerator<SendResult<Target>, void, undefined> {
  const { concurrency = 100, attempts = 4, onProgress, dryRun = false, signal } = options
  const stopped = new AbortController()
  const stop = (): void => stopped.abort(signal?.reason)
  signal?.addEventListener('abort', stop)

  const outcomeOf = async (target: Target, aside: Aside): Promise<SendResultOutcome> => {
    const { subscription, applicationServerKey } = partsOf(target)
    try {
      const recipient = recipientOf(subscription)
      const shipment = {
        recipient,
        message: await ready(target),
        attempts,
        applicationServerKey: applicationServerKey ?? options.applicationServerKey,
        signal: stopped.signal,
        aside,
      }
      if (!dryRun) return await deliver(shipment)
      await check(shipment)
      return { status: 'checked', id: shipment.message.id }
    } catch (error) {
      const { code = '' } = Object(error) as { readonly code?: string }
      const reason = code === 'message-too-large' && isEachOwn ? 'too-large' : reasons[code]
      if (reason) return { status: 'rejected', reason }
      throw error
    }
  }

  const progress = countProgress(onProgress, now)
  const work = async (target: Target, aside: Aside): Promise<SendResult<Target>> => {
    const outcome = await outcomeOf(target, aside)
    progress.note(outcome)
    return { target, outcome }
  }
  try {
    try {
      yield* workThrough(targets, work, { concurrency, mostAside, signal })
    } finally {
      progress.finish()
    }
    progress.throwFailure()
  } finally {
    signal?.removeEventListener('abort', stop)
    // What is still under way, when somebody stops early, is not waited for.
    stopped.abort(new DOMException('The sending was stopped.', 'AbortError'))
  }
}

/** Gives a message again as long as it is fresh: the same text is written once a second. */
export function whileFresh(
  write: () => Promise<ReadyMessage>,
  now: () => number,
): () => Promise<ReadyMessage> {
  let last: { readonly at: number; readonly message: Promise<ReadyMessage> } | undefined
  return () => {
    const at = now()
    if (!last || at - last.at >= freshMs) last = { at, message: write() }
    return last.message
  }
}

/** What is wrong with one subscription is its outcome, and no reason to leave out the others. */
const reasons: { readonly [code: string]: RejectReason } = {
  'invalid-subscription': 'invalid-subscription',
  'invalid-application-server-key': 'invalid-subscription',
  'endpoint-refused': 'endpoint-refused',
}

interface TargetParts {
  readonly subscription: PushSubscriptionData
  readonly applicationServerKey?: string
}

function partsOf(target: SendTarget): TargetParts {
  const given = Object(target) as Partial<TargetParts>
  return given.subscription === undefined
    ? { subscription: target as PushSubscriptionData }
    : (given as TargetParts)
}
