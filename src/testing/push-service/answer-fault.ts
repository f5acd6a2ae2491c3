import { rangeError, typeError } from '../../shared/errors.ts'
import type { FaultReach } from './fault-queue.ts'

/** How the service fails the next requests of senders. */
export type ServiceFault = FaultReach &
  (
    | {
        /** 400 to 599. */
        readonly status: number
        /** Sent as `Retry-After`: seconds, or the text of an HTTP date. */
        readonly retryAfter?: number | string
        readonly drop?: never
      }
    | {
        /** Drops the sender's connection without an answer. */
        readonly drop: true
        readonly status?: never
        readonly retryAfter?: never
      }
  )

/** What one request of a sender is met with instead of being served. */
export type AnswerFault =
  | { readonly type: 'drop' }
  | { readonly type: 'status'; readonly status: number; readonly retryAfter?: number | string }

/**
 * Reads what a test asked for.
 *
 * @throws RangeError when a field cannot be used; TypeError when there is neither or both of
 * `status` and `drop`.
 */
export function parseAnswerFault({ status, retryAfter, drop }: ServiceFault): AnswerFault {
  if ((status === undefined) === (drop === undefined) || (drop && retryAfter !== undefined)) {
    throw typeError('invalid-argument', 'fault must have either a status or drop: true.')
  }
  if (status === undefined) return { type: 'drop' }
  if (!Number.isInteger(status) || status < 400 || status > 599) {
    throw rangeError('invalid-argument', 'status must be an HTTP error status, 400 to 599.')
  }
  if (retryAfter === undefined) return { type: 'status', status }
  const isSeconds = typeof retryAfter === 'number'
  if (isSeconds && !(Number.isSafeInteger(retryAfter) && retryAfter >= 0)) {
    throw rangeError('invalid-argument', 'retryAfter must be whole seconds, at least 0.')
  }
  if (!isSeconds && !/^[\x20-\x7e]+$/.test(retryAfter)) {
    throw rangeError('invalid-argument', 'retryAfter must be seconds or the text of an HTTP date.')
  }
  return { type: 'status', status, retryAfter }
}
