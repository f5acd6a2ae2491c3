import type { PushSender, SendOutcome } from 'pushwell/server'
import { isArgumentError } from '../argument-error.ts'
import type { Database } from '../database.ts'
import type { messages } from '../messages.ts'
import {
  type BatchClaim,
  closeBatch,
  type DueSubscription,
  dueSubscriptions,
  holdsBatch,
  type TakenBatch,
  takeBatch,
  type TriedDelivery,
  writeDeliveries,
} from './batch-journal.ts'
import { createBatchHold } from './batch-hold.ts'
import type { CampaignRequest } from './campaign.ts'
import { type CampaignMessage, campaignMessage } from './campaign-message.ts'
import { finishCampaign } from './finish-campaign.ts'
import { inGroups } from './in-groups.ts'
import { inParallel } from './in-parallel.ts'
import { nextTry } from './next-try.ts'

/** What a batch is sent with. */
export interface SendBatchOptions {
  readonly database: Database
  readonly sender: PushSender<typeof messages>
  /** How many messages of a batch are under way at a time. */
  readonly concurrency: number
  /** How many outcomes are written down at a time. */
  readonly groupSize: number
  /** Ends the sending; what has come of it is written down first. */
  readonly signal?: AbortSignal
  /** Milliseconds since 1970. */
  readonly now?: () => number
  /** From 0 up to 1. */
  readonly random?: () => number
}

/** Some of a batch is to be tried again: thrown, so that its job is taken again. */
export class BatchNotDone extends Error {
  override readonly name = 'BatchNotDone'
}

/**
 * Sends a campaign's message to each subscription of a batch that has no final outcome yet, and
 * writes down what comes of it in small groups. When the process dies, at most `concurrency` and
 * `groupSize` messages have been accepted without a trace, and are sent again; those written down
 * never are.
 *
 * @throws BatchNotDone when something is left to be tried again later.
 */
export async function sendBatch(claim: BatchClaim, options: SendBatchOptions): Promise<void> {
  const { database, signal, now = Date.now } = options
  const isOver = ({ state, expires_at }: TakenBatch) =>
    state === 'cancelled' || Number(expires_at) <= now()
  const since = now()
  let taken = await takeBatch(database, claim)
  if (taken && !isOver(taken)) {
    const due = await dueSubscriptions(database, claim, taken, now())
    await sendToDue(claim, { ...taken, due, since }, options)
    signal?.throwIfAborted()
    // It may have been cancelled, or given to another, meanwhile.
    taken = await takeBatch(database, claim)
  }
  if (taken && !(await closeBatch(database, claim, isOver(taken)))) {
    throw new BatchNotDone('Some of the batch is to be tried again.')
  }
  await finishCampaign(database, claim.campaign, now())
}

async function sendToDue(
  claim: BatchClaim,
  {
    request,
    expires_at,
    due,
    since,
  }: TakenBatch & { readonly due: readonly DueSubscription[]; readonly since: number },
  options: SendBatchOptions,
): Promise<void> {
  const { database, concurrency, groupSize, signal, now = Date.now, random = Math.random } = options
  const message = campaignMessage(claim.campaign, request)
  const hold = createBatchHold(() => holdsBatch(database, claim), { since, now })
  const wanted = function* () {
    for (const subscription of due) {
      if (hold.isLost() || signal?.aborted) return
      yield subscription
    }
  }
  const tries = inParallel(wanted(), concurrency, async (one): Promise<TriedDelivery | null> => {
    if (!(await hold.mayBegin())) return null
    const outcome = await send(options.sender, one, message, {
      ttl: Math.max(0, Math.floor((Number(expires_at) - now()) / 1000)),
      urgency: request.urgency,
    })
    return deliveryOf(one, outcome, { now: now(), random: random() })
  })
  for await (const group of inGroups(tries, { size: groupSize, waitMs: 100 })) {
    const askedAt = now()
    const tried = group.filter((one) => one !== null)
    // What is under way when the batch is not ours any more is written down all the same.
    hold.note(await writeDeliveries(database, claim, tried), askedAt)
  }
  hold.throwIfFailed()
}

type Sent =
  | SendOutcome
  | { readonly status: 'failed' | 'retry'; readonly reason: string; readonly retryAfterMs?: number }

/**
 * What may be over at the next try: that the key pair of a subscription is newer than those that this
 * batch was begun with, and what nobody thought of.
 */
const passing: ReadonlySet<string> = new Set(['invalid-application-server-key', 'unknown'])

async function send(
  sender: PushSender<typeof messages>,
  { subscription, application_server_key: applicationServerKey }: DueSubscription,
  message: CampaignMessage,
  options: { readonly ttl: number; readonly urgency: CampaignRequest['urgency'] },
): Promise<Sent> {
  try {
    return await sender.send(subscription, message, { ...options, applicationServerKey })
  } catch (error) {
    const reason = isArgumentError(error) ? error.code : 'unknown'
    return { status: passing.has(reason) ? 'retry' : 'failed', reason }
  }
}

function deliveryOf(
  { id, attempts: before }: DueSubscription,
  outcome: Sent,
  { now, random }: { readonly now: number; readonly random: number },
): TriedDelivery {
  const reason = 'reason' in outcome ? outcome.reason : null
  // Nothing was sent to a service that rests, so that is no try.
  const attempts = reason === 'resting' ? before : before + 1
  const { status } = outcome
  if (status !== 'retry') return { id, status, reason, attempts, retryAt: null }
  const { retryAfterMs } = outcome
  return { id, status, reason, attempts, retryAt: nextTry(attempts, { now, random, retryAfterMs }) }
}
