import { withDeadline } from '../src/shared/deadline.ts'
import { asPushwellError } from '../src/shared/drain-outbox.ts'
import { PushwellError } from '../src/shared/errors.ts'
import { type Receipt, receiptLimits } from '../src/shared/receipt.ts'
import { createReceiptLog, type ReceiptLog } from '../src/shared/receipt-log.ts'
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
   * must not bring them all back at one moment. What happens meanwhile goes along.
   *
   * @default 3000
   */
  readonly jitterMs?: number
}

type Happening = Omit<Receipt, 'at'> | undefined

/**
 * Makes a part that tells the backend what became of messages: `received`, `shown`, `clicked`,
 * `closed`, `failed`, by the message's id and no more, and only with consent. What is not answered
 * is kept, a thousand of them, and sent with what happens next.
 */
export function receipts({ url, consent, jitterMs = 3000 }: ReceiptsOptions = {}): WorkerPart {
  let sending: Promise<void> | undefined

  const isAllowed = async ({ home, records }: WorkerContext) => {
    if (consent) return consent()
    const { receipts: state, recipient = null } = (await records.get(home)) ?? {}
    return state?.allowedBy === recipient
  }

  /** Sends what there is, as long as it may. */
  const drain = async (log: ReceiptLog, reason: DrainReason, context: WorkerContext) => {
    const { home, options, records } = context
    for (;;) {
      if (!(await isAllowed(context).catch(() => false))) return log.clear(home)
      const { syncUrl, receipts: state } = (await records.get(home)) ?? {}
      const target = url ?? (syncUrl && `${syncUrl.replace(/\/$/, '')}/receipts`)
      const batch = await log.list(home, receiptLimits.count)
      const { retry } = state ?? {}
      if (batch.length === 0 || !target || !mayTry(retry, reason, Date.now())) return undefined
      const body = { receipts: batch.map(({ scope: _scope, ...receipt }) => receipt) }
      const error = await send(new URL(target, home).href, body, options)
      // A refusal is an answer: the same again would be refused again.
      if (error && error.code !== 'backend-refused') {
        const next = retryAfter(error, { retry }, Date.now(), Math.random())
        await records.update(home, (before) => ({
          ...before,
          receipts: { ...before.receipts, retry: next },
        }))
        return undefined
      }
      if (retry) {
        await records.update(home, (before) => ({
          ...before,
          receipts: { ...before.receipts, retry: undefined },
        }))
      }
      await log.remove(batch)
    }
  }

  const sendSoon = async (log: ReceiptLog, reason: DrainReason, context: WorkerContext) => {
    await new Promise((resolve) => setTimeout(resolve, Math.random() * jitterMs))
    const { locks } = context.scope.navigator
    const work = () => drain(log, reason, context)
    const signal = AbortSignal.timeout(timeoutMs)
    await (locks ? locks.request(`pushwell-receipts ${context.home}`, { signal }, work) : work())
  }

  const note = async (
    happenings: readonly Happening[],
    reason: DrainReason,
    context: WorkerContext,
  ) => {
    const at = Date.now()
    const log = createReceiptLog(context.database)
    const known = happenings.flatMap((one) =>
      one && one.id.length <= receiptLimits.id ? { ...one, at, scope: context.home } : [],
    )
    if (known.length > 0 && (await isAllowed(context))) await log.add(known)
    sending ??= sendSoon(log, reason, context).finally(() => {
      sending = undefined
    })
    await sending
  }
  const of = (id: string | undefined, event: Receipt['event']): Happening =>
    id === undefined ? undefined : { id, event }

  return {
    name: 'receipts',
    shown: ({ message: { id }, taken }, _received, context) =>
      note([of(id, 'received'), taken ? undefined : of(id, 'shown')], 'push', context),
    clicked({ action }, { id }, context) {
      const clicked = of(id, 'clicked')
      const named = action && { action: action.slice(0, receiptLimits.action) }
      return note([clicked && { ...clicked, ...named }], 'click', context)
    },
    async closed({ id }, context, { tag }) {
      // In Firefox another one may have taken its place.
      const there = await displayed(context.scope).catch(() => [])
      const isReplaced = ({ record, descriptor }: (typeof there)[number]) =>
        messageIds(record).includes(id) || (tag !== '' && tag === descriptor.tag)
      if (!there.some(isReplaced)) await note([of(id, 'closed')], 'click', context)
    },
    failed({ id, stage }, context) {
      // A message is none the worse for slow storage, nor for a page that did not answer.
      const isSeen = !/storage|foreground/.test(stage)
      return isSeen ? note([of(id, 'failed')], 'push', context) : undefined
    },
  } satisfies WorkerPart<WorkerContext>
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
