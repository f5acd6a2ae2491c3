import { parseRetryAfter } from '../shared/retry-after.ts'

/** What became of one message for one subscription. */
export type SendOutcome =
  | {
      /** The push service has the message. When the browser gets it, nobody says. */
      readonly status: 'accepted'
      /** The message's id, as the worker sees it. */
      readonly id: string
      /** Where the push service keeps the message (RFC 8030 §5), when it says. */
      readonly location?: string
      readonly httpStatus: number
    }
  | {
      /** The subscription has ended: delete it. */
      readonly status: 'gone'
      readonly httpStatus: number
    }
  | {
      /** It may work later. */
      readonly status: 'retry'
      /** Absent when there was no answer. */
      readonly httpStatus?: number
      /** The least time to wait, when the push service named one. */
      readonly retryAfterMs?: number
      readonly reason: RetryReason
      /** What `fetch` threw. */
      readonly cause?: unknown
    }
  | {
      /** It will not work again either, unless something changes. */
      readonly status: 'rejected'
      readonly httpStatus: number
      readonly reason: RejectReason
      /** What the push service says about it, cut to 300 characters, without the endpoint. */
      readonly detail?: string
    }

/** Why a message may work later. */
export type RetryReason =
  /** Too many messages, to this subscription or from this server. */
  | 'rate-limited'
  /** The push service has trouble of its own. */
  | 'service-failed'
  /** It could not be reached, or the connection broke. */
  | 'network'
  /** It did not answer in time. The message may have arrived all the same. */
  | 'timeout'

/** Why a push service does not take a message. */
export type RejectReason =
  /** Something in the request is wrong. */
  | 'bad-request'
  /** The VAPID token, its key or its subject does not please, or is not the subscription's. */
  | 'unauthorized'
  | 'too-large'
  /** It answered with a redirect, which is never followed: it could lead into a private network. */
  | 'redirected'
  /** Anything else. */
  | 'refused'

/** What an answer says, as far as it matters. */
export interface ResponseFacts {
  readonly httpStatus: number
  /** `Retry-After`. */
  readonly retryAfter: string | null
  /** `Location`. */
  readonly location: string | null
  /** The beginning of the body; only looked at when the message was rejected. */
  readonly body: string
}

const rejectReasons: { readonly [httpStatus: number]: RejectReason } = {
  400: 'bad-request',
  401: 'unauthorized',
  403: 'unauthorized',
  413: 'too-large',
}

/**
 * Decides what a push service's answer means for a message.
 *
 * @param context - `now` in milliseconds since 1970; `endpoint` so that it can be left out of
 * `detail`.
 */
export function readOutcome(
  { httpStatus, retryAfter, location, body }: ResponseFacts,
  { id, endpoint, now }: { readonly id: string; readonly endpoint: string; readonly now: number },
): SendOutcome {
  if (httpStatus >= 200 && httpStatus < 300) {
    return { status: 'accepted', id, httpStatus, ...(location && { location }) }
  }
  if (httpStatus === 404 || httpStatus === 410) return { status: 'gone', httpStatus }
  // WNS says 406 where others say 429 (MicrosoftDocs/windows-dev-docs#4166).
  const limited = httpStatus === 429 || httpStatus === 406
  if (limited || httpStatus === 408 || httpStatus >= 500) {
    const retryAfterMs = parseRetryAfter(retryAfter, now)
    return {
      status: 'retry',
      httpStatus,
      reason: limited ? 'rate-limited' : 'service-failed',
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    }
  }
  const detail = readDetail(body, endpoint)
  return {
    status: 'rejected',
    httpStatus,
    // A browser's fetch shows an unfollowed redirect as status 0.
    reason: httpStatus < 400 ? 'redirected' : (rejectReasons[httpStatus] ?? 'refused'),
    ...(detail && { detail }),
  }
}

/** Apple says `reason`, Mozilla `message`, Google `error.message`; others send plain text. */
function readDetail(body: string, endpoint: string): string {
  let detail = body
  try {
    const { reason, message, error } = JSON.parse(body)
    const said = [reason, message, error?.message, error].find((text) => typeof text === 'string')
    detail = said ?? detail
  } catch {
    // Not JSON: the text itself is the detail.
  }
  // What makes an endpoint secret is its longer parts, and a service may quote those alone.
  for (const part of [endpoint, ...endpoint.split(/[/?&=]/)]) {
    if (part.length > 15) detail = detail.replaceAll(part, '…')
  }
  return detail.trim().slice(0, 300)
}
