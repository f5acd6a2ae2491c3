import { withDeadline } from './deadline.ts'
import { isPushwellError, PushwellError } from './errors.ts'
import { subscriptionId } from './protocol.ts'
import type { RegistrationRecord, RegistrationRecords } from './registration-record.ts'
import { subscriptionRequest, type SubscriptionSource } from './subscription-request.ts'
import type { SyncTransport } from './sync-transport.ts'

/** Whether the backend knows of a subscription; `off` when there is no backend. */
export type SyncOutcome =
  | { readonly sync: 'synced' | 'off' }
  | { readonly sync: 'pending'; readonly error: PushwellError }

/** What came of telling the backend. */
export interface SyncResult {
  readonly outcome: SyncOutcome
  /** The key that the backend wants the subscription to move to. */
  readonly rotateTo?: string | undefined
}

/** Tells the backend, and remembers until it has acknowledged. */
export interface BackendLink {
  /**
   * Has the backend hold this subscription in the place of all that it may hold from this browser;
   * without one, has it hold none.
   */
  sync(record: RegistrationRecord, subscription?: SubscriptionSource): Promise<SyncResult>
}

/** What page and worker have to be alone for: the name of their Web Lock. */
export const lockName = 'pushwell'

/**
 * Joins a transport to what the browser remembers.
 *
 * Must write down an endpoint before it is sent, and must not forget it before the backend has
 * answered: a browser that dies in between takes up where it was.
 *
 * @param timeoutMs - For each request, whatever transport makes it.
 */
export function createBackendLink(
  transport: SyncTransport | undefined,
  records: RegistrationRecords,
  language: string | undefined,
  timeoutMs: number,
): BackendLink {
  const tell = async (
    backend: SyncTransport,
    record: RegistrationRecord,
    subscription?: SubscriptionSource,
  ) => {
    const hold = subscription ? [subscription.endpoint] : []
    const outdated = record.mayHold.filter((endpoint) => !hold.includes(endpoint))
    const within = <Value>(work: Promise<Value>) => withDeadline(work, timeoutMs, 'The backend')
    let rotateTo: string | undefined
    if (subscription) {
      await records.put({ ...record, mayHold: [...outdated, ...hold] })
      const replaces = outdated.shift()
      const key = record.applicationServerKey ?? ''
      const request = subscriptionRequest(subscription, key, replaces, language)
      const answer = await within(backend.put(request))
      if (answer.status === 'rotate') rotateTo = answer.applicationServerKey
    }
    for (const endpoint of outdated) await within(backend.remove(await subscriptionId(endpoint)))
    await records.put({ ...record, mayHold: hold })
    return rotateTo
  }
  return {
    async sync(record, subscription) {
      if (!transport) return { outcome: { sync: 'off' } }
      try {
        const rotateTo = await tell(transport, record, subscription)
        return { outcome: { sync: 'synced' }, rotateTo }
      } catch (cause) {
        return { outcome: { sync: 'pending', error: asPushwellError(cause) } }
      }
    },
  }
}

function asPushwellError(cause: unknown): PushwellError {
  if (isPushwellError(cause)) return cause
  return new PushwellError(
    'backend-unreachable',
    'The backend gave no answer: see the cause. prepare() tries again.',
    { cause },
  )
}
