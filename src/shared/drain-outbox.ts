import { canonicalApplicationServerKey } from './application-server-key.ts'
import { withDeadline } from './deadline.ts'
import { isPushwellError, PushwellError } from './errors.ts'
import { afterAnswer, beforeRequest, nextRequest, type OutboxRequest } from './outbox.ts'
import { subscriptionId } from './protocol.ts'
import { noteFailure } from './recorded-failures.ts'
import type { RegistrationRecord, RegistrationRecords } from './registration-record.ts'
import { type DrainReason, mayTry, retryAfter } from './sync-retry.ts'
import type { SyncTransport } from './sync-transport.ts'

/** What draining needs. */
export interface DrainOptions {
  readonly records: RegistrationRecords
  readonly transport: SyncTransport
  /** Makes all tabs and the worker take turns. */
  readonly locks?: Locks | undefined
  /** For each request. */
  readonly timeoutMs: number
  /** @default Date.now */
  readonly now?: () => number
  /** @default Math.random */
  readonly random?: () => number
}

/** What is used of `LockManager`. */
export interface Locks {
  request<Value>(
    name: string,
    options: { readonly signal?: AbortSignal },
    work: () => Promise<Value>,
  ): Promise<Value>
}

/**
 * Tells the backend what it has not acknowledged yet, one request after another, unless it is to be
 * left alone now. A failure is written down, with the moment of the next try; it never rejects.
 *
 * Must be the only drainer at a time, over all tabs and the worker.
 *
 * @returns The record afterwards.
 */
export async function drainOutbox(
  scope: string,
  reason: DrainReason,
  options: DrainOptions,
): Promise<RegistrationRecord | undefined> {
  const { records, locks } = options
  const before = await records.get(scope)
  const drain = () => drainInTurn(scope, reason, before?.retry?.attempts, options)
  if (!locks) return drain()
  // Whoever drains for longer than this drains for us too.
  const signal = AbortSignal.timeout(2 * options.timeoutMs)
  return locks
    .request(`pushwell-outbox ${scope}`, { signal }, drain)
    .catch(() => records.get(scope))
}

/** @param attempts - How often it had failed when this was asked for. */
async function drainInTurn(
  scope: string,
  asked: DrainReason,
  attempts: number | undefined,
  options: DrainOptions,
): Promise<RegistrationRecord | undefined> {
  const { records, now = Date.now, random = Math.random } = options
  const since = now()
  for (;;) {
    const record = await records.get(scope)
    const request = record && nextRequest(record, now(), since)
    // Somebody else has tried and failed meanwhile: our reason was theirs too.
    const reason = record?.retry?.attempts === attempts ? asked : 'timer'
    if (!request || !mayTry(record.retry, reason, now())) return record
    await records.update(scope, (before) => beforeRequest(before, request))
    try {
      const rotateTo = await send(request, options)
      await records.update(scope, (before) => ({
        ...afterAnswer(before, request, now()),
        ...(request.method === 'PUT' && { rotateTo: rotateTo ?? ownWish(before) }),
      }))
    } catch (cause) {
      const error = asPushwellError(cause)
      const at = now()
      const drawn = random()
      return records.update(scope, (before) => ({
        ...before,
        retry: retryAfter(error, before, at, drawn),
        failures: noteFailure(before.failures, error.code, at),
      }))
    }
  }
}

/** What the app itself is configured with stands until it is done, whatever the backend says. */
function ownWish({ rotateTo, configuredKey }: RegistrationRecord): string | undefined {
  return rotateTo === configuredKey ? rotateTo : undefined
}

/** @returns The key that the backend wants the subscription to move to, if it names another. */
async function send(
  request: OutboxRequest,
  { transport, timeoutMs }: DrainOptions,
): Promise<string | undefined> {
  const within = <Value>(work: Promise<Value>) => withDeadline(work, timeoutMs, 'The backend')
  const signal = AbortSignal.timeout(timeoutMs)
  if (request.method === 'DELETE') {
    const { endpoint } = request
    await within(transport.remove(await subscriptionId(endpoint), endpoint, { signal }))
    return undefined
  }
  const answer = await within(transport.put(request.body, { signal }))
  if (answer.status !== 'rotate') return undefined
  try {
    const key = canonicalApplicationServerKey(answer.applicationServerKey)
    return key === request.body.applicationServerKey ? undefined : key
  } catch (cause) {
    throw new PushwellError('backend-failed', 'The backend asked for a key that is none.', {
      cause,
    })
  }
}

/** Makes one error of whatever came of a request: one without an answer is `backend-unreachable`. */
export function asPushwellError(cause: unknown): PushwellError {
  if (isPushwellError(cause) && cause.code !== 'timeout') return cause
  const sentence = 'The backend gave no answer: see the cause. It is told later.'
  return new PushwellError('backend-unreachable', sentence, { cause })
}
