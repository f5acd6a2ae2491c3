import { PushwellError, type PushwellErrorCode } from './errors.ts'
import { parseRetryAfter } from './retry-after.ts'

/**
 * Makes the error for an answer of the backend's that is none: `backend-unauthorized` (401, 403),
 * `backend-refused` (other 400–499 but 429: trying again does not help by itself) or
 * `backend-failed` (all else: try again later).
 *
 * @param advice - What is wrong with it and what to do.
 */
export function answerError({ status, headers }: Response, advice: string): PushwellError {
  return new PushwellError(
    codeOf(status),
    `The backend answered with status ${status}. ${advice}`,
    { retryAfterMs: parseRetryAfter(headers.get('retry-after'), Date.now()) },
  )
}

function codeOf(status: number): PushwellErrorCode {
  if (status === 401 || status === 403) return 'backend-unauthorized'
  return status >= 400 && status < 500 && status !== 429 ? 'backend-refused' : 'backend-failed'
}
