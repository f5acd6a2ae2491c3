import { type PostsRequest, receiptsTag } from '../src/shared/channel.ts'
import { withDeadline } from '../src/shared/deadline.ts'
import { asPushwellError } from '../src/shared/drain-outbox.ts'
import { PushwellError, rangeError, typeError } from '../src/shared/errors.ts'
import { type Receipt, receiptLimits } from '../src/shared/receipt.ts'
import { createReceiptLog } from '../src/shared/receipt-log.ts'
import type { RegistrationRecord } from '../src/shared/registration-record.ts'
import { type DrainReason, mayTry, retryAfter } from '../src/shared/sync-retry.ts'
import { requestSync, syncError } from '../src/shared/sync-transport.ts'
import { displayed } from './displayed.ts'
import { messageIds } from './notification.ts'
import { timeoutMs } from './tell-backend.ts'
import type { WorkerContext } from './worker-context.ts'
import type { WorkerPart } from './worker-part.ts'

/** Whether and where receipts are sent. */
export interface ReceiptsOptions {
  /**
   * Where they are posted to, relative to the worker's scope.
   *
   * @default `/receipts` of where the page speaks the sync protocol
   */
  readonly url?: string
  /**
   * Asked each time before something is kept or sent: with `false`, neither is, and what was kept
   * before is dropped.
   *
   * @default what the page has said with `allowReceipts` for whoever is signed in; at first no
   */
  readonly consent?: () => boolean | Promise<boolean>
  /**
   * The most milliseconds that are waited before sending, drawn at random: a message to all devices
   * must not bring them all back at one moment. What happens meanwhile goes along. No event is held
   * for it: browsers end a worker about 30 seconds after its last one, and then a page or the next
   * event sends what is left.
   *
   * @default 3000
   */
  readonly jitterMs?: number
}

/** Milliseconds: longer than any worker lives without an event. */
const longestJitterMs = 600_000

type Happening = Omit<Receipt, 'at'> | undefined

/**
 * Makes a part that tells the backend what became of messages: `received`, `shown`, `clicked`,
 * `closed`, `failed`, by the message's id and no more, and only with consent. Each is written down
 * first, and no event waits for it to be sent. What is not answered is kept, a thousand of them, for
 * whoever was signed in then, and sent at a background sync where the browser has that, with what
 * happens next, and when a page is opened, comes to the front or is online again.
 *
 * @throws TypeError or RangeError when an option is wrong, naming it.
 */
export function receipts(options: ReceiptsOptions = {}): WorkerPart {
  const { url, consent, jitterMs = 3000 } = options
  if (consent !== undefined && typeof consent !== 'function')
    throw typeError('invalid-argument', 'consent must be a function.')
  if (!(jitterMs >= 0 && jitterMs <= longestJitterMs))
    throw rangeError('invalid-argument', `jitterMs must be from 0 to ${longestJitterMs}.`)
  let isWaiting = false

  const isAllowed = async ({ receipts: state, recipient = null }: Partial<RegistrationRecord>) =>
    consent ? consent() : state?.allowedBy === recipient

  /**
   * Sends what there is, as long as it may.
   *
   * @returns Whether something has to be sent later.
   */
  const drain = async (reason: DrainReason, context: WorkerContext): Promise<boolean> => {
    const { database, home, options: given, records } = context
    const log = createReceiptLog(database)
    for (;;) {
      const record: Partial<RegistrationRecord> = (await records.get(home)) ?? {}
      if (!(await isAllowed(record).catch(() => false))) {
        await log.clear(home)
        return false
      }
      const { syncUrl, recipient, receipts: { retry } = {} } = record
      const target = url ?? (syncUrl && `${syncUrl.replace(/\/$/, '')}/receipts`)
      const batch = await log.list(home, recipient ?? '', receiptLimits.count)
      if (batch.length === 0 || !target) return false
      if (!mayTry(retry, reason, Date.now())) return true
      const body = { receipts: batch.map(({ scope: _scope, owner: _owner, ...it }) => it) }
      const error = await send(new URL(target, home).href, body, given)
      // A refusal is an answer: the same again would be refused again.
      const isLeft = error !== undefined && error.code !== 'backend-refused'
      if (isLeft || retry) {
        const next = isLeft ? retryAfter(error, { retry }, Date.now(), Math.random()) : undefined
        await records.update(home, (before) => ({
          ...before,
          receipts: { ...before.receipts, retry: next },
        }))
      }
      if (isLeft) return true
      await log.remove(batch)
    }
  }

  /** Drains in turn: one drainer at a time over all workers. */
  const drainInTurn = async (reason: DrainReason, context: WorkerContext) => {
    const { registration, navigator } = context.scope
    const work = () => drain(reason, context)
    const signal = AbortSignal.timeout(timeoutMs)
    const { locks } = navigator
    const name = `pushwell-receipts ${context.home}`
    const isLeft = await (locks ? locks.request(name, { signal }, work) : work())
    if (isLeft && reason !== 'sync') await registration.sync?.register(receiptsTag)
    return isLeft
  }

  const sendSoon = (reason: DrainReason, context: WorkerContext) => {
    if (isWaiting) return
    isWaiting = true
    setTimeout(() => {
      isWaiting = false
      drainInTurn(reason, context).catch(() => undefined)
    }, Math.random() * jitterMs)
  }

  /** @param recipient - Whom the message was for. */
  const note = async (
    happenings: readonly Happening[],
    recipient: string | undefined,
    reason: DrainReason,
    context: WorkerContext,
  ) => {
    const { database, home: scope, records } = context
    const at = Date.now()
    const record: Partial<RegistrationRecord> = (await records.get(scope)) ?? {}
    const { recipient: here } = record
    const known = happenings.flatMap((one) =>
      one && one.id.length <= receiptLimits.id ? { ...one, at, scope, owner: here ?? '' } : [],
    )
    const isTheirs = recipient === undefined || recipient === here
    if (isTheirs && known.length > 0 && (await isAllowed(record)))
      await createReceiptLog(database).add(known)
    sendSoon(reason, context)
  }
  const of = (id: string | undefined, event: Receipt['event']): Happening =>
    id === undefined ? undefined : { id, event }

  return {
    name: 'receipts',
    start(context) {
      context.scope.addEventListener('sync', (event) => {
        if (event.tag === receiptsTag) event.waitUntil(syncReceipts(drainInTurn('sync', context)))
      })
      context.scope.addEventListener('message', (event) => {
        const { pushwell, kind } = (event.data ?? {}) as Partial<PostsRequest>
        if (pushwell === 1 && kind === 'receipts') event.waitUntil(drainInTurn('online', context))
      })
    },
    shown: ({ message: { id, recipient }, taken }, _received, context) =>
      note([of(id, 'received'), taken ? undefined : of(id, 'shown')], recipient, 'push', context),
    clicked({ action }, { id, recipient }, context) {
      const clicked = of(id, 'clicked')
      const named = action && { action: action.slice(0, receiptLimits.action) }
      return note([clicked && { ...clicked, ...named }], recipient, 'click', context)
    },
    async closed({ id, recipient }, context, { tag }) {
      // In Firefox another one may have taken its place.
      const there = await displayed(context.scope).catch(() => [])
      const isReplaced = ({ record, descriptor }: (typeof there)[number]) =>
        messageIds(record).includes(id) || (tag !== '' && tag === descriptor.tag)
      if (!there.some(isReplaced)) await note([of(id, 'closed')], recipient, 'click', context)
    },
    failed({ id, stage }, context, { recipient }) {
      // A message is none the worse for slow storage, nor for a page that did not answer.
      const isSeen = !/storage|foreground/.test(stage)
      return isSeen ? note([of(id, 'failed')], recipient, 'push', context) : undefined
    },
  } satisfies WorkerPart<WorkerContext>
}

/** Has the browser try again when something is left. */
async function syncReceipts(draining: Promise<boolean>): Promise<void> {
  if (await draining) throw new PushwellError('backend-unreachable', 'Some receipts are left.')
}

/** @returns What went wrong; a sign-in that is wanted is waited for like anything else. */
async function send(
  url: string,
  body: object,
  { headers }: WorkerContext['options'],
): Promise<PushwellError | undefined> {
  try {
    const signal = AbortSignal.timeout(timeoutMs)
    const asking = requestSync(url, 'POST', body, { headers, fetch, signal })
    const response = await withDeadline(asking, timeoutMs, 'The backend')
    return response.status === 204 ? undefined : withoutSignIn(syncError(response))
  } catch (cause) {
    return asPushwellError(cause)
  }
}

function withoutSignIn(error: PushwellError): PushwellError {
  const { code, message, retryAfterMs } = error
  return code === 'backend-unauthorized'
    ? new PushwellError('backend-failed', message, { retryAfterMs })
    : error
}
