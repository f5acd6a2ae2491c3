import { answerError } from '../src/shared/answer-error.ts'
import { withDeadline } from '../src/shared/deadline.ts'
import { isPushwellError, PushwellError } from '../src/shared/errors.ts'
import type { PendingPost } from '../src/shared/pending-post.ts'

/** Milliseconds for one try, so that what came of it can still be written down in its event. */
const tryMs = 8000

/** Gives the headers for a request. */
export type PostHeaders = (
  url: string,
) => HeadersInit | undefined | Promise<HeadersInit | undefined>

/**
 * Makes a request that a button asked for, once. Its key goes along as `Idempotency-Key`, so that a
 * backend can tell a request that comes again because its answer was lost
 * (draft-ietf-httpapi-idempotency-key-header-07).
 *
 * @throws PushwellError `backend-unreachable`, `backend-unauthorized`, `backend-refused` or
 * `backend-failed`, unless the backend has answered 200–299.
 */
export async function sendPost(
  { key, url, body }: Pick<PendingPost, 'key' | 'url' | 'body'>,
  askHeaders: PostHeaders,
): Promise<void> {
  const signal = AbortSignal.timeout(tryMs)
  const request = async () => {
    const headers = new Headers(await askHeaders(url))
    headers.set('content-type', 'application/json')
    headers.set('idempotency-key', `"${key}"`)
    signal.throwIfAborted()
    // A redirect leads to a sign-in page, whose 200 would pass for an answer.
    const init = { credentials: 'same-origin', redirect: 'error', signal } as const
    return fetch(url, { ...init, method: 'POST', headers, body })
  }
  try {
    const response = await withDeadline(request(), tryMs, 'The backend')
    if (!response.ok) throw answerError(response, 'What a button asked for was not done.')
  } catch (cause) {
    if (isPushwellError(cause) && cause.code !== 'timeout') throw cause
    const sentence = 'The backend gave no answer: see the cause. It is asked again later.'
    throw new PushwellError('backend-unreachable', sentence, { cause })
  }
}
