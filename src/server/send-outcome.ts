import { parseRetryAfter } from '../shared/retry-after.ts'
import type { PushServiceName } from './push-service-name.ts'
import type { PushResponse } from './push-transport.ts'

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
      /** The notification's body did not fit and was cut between two characters. */
      readonly isCut?: true
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
      /** What the transport threw. */
      readonly cause?: unknown
      readonly service?: PushServiceName
    }
  | {
      /** It will not work again either, unless something changes. */
      readonly status: 'rejected'
      /** Absent when no request was made. */
      readonly httpStatus?: number
      readonly reason: RejectReason
      /** What the push service says about it, cut to 300 characters, without the endpoint. */
      readonly detail?: string
      /**
       * The push service's own name for it: Apple's `reason` (`BadJwtToken`), Mozilla's `errno`
       * (`109`).
       */
      readonly code?: string
      /** Whose push service it was, when it is a browser's. */
      readonly service?: PushServiceName
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
  /** It has failed so often in a row that it is left alone for a while: no request was made. */
  | 'resting'

/** Why a push service does not take a message. */
export type RejectReason =
  /** Something in the request is wrong. */
  | 'bad-request'
  /** The VAPID token, its key or its subject does not please, or is not the subscription's. */
  | 'unauthorized'
  /** Also of `sendAll` with a function: the message that it gave does not fit. */
  | 'too-large'
  /** It answered with a redirect, which is never followed: it could lead into a private network. */
  | 'redirected'
  /** The endpoint's name leads to an address that is not public. */
  | 'endpoint-refused'
  /** Of `sendAll`: it is no subscription, or belongs to no key pair of the sender. */
  | 'invalid-subscription'
  /** Anything else. */
  | 'refused'

const rejectReasons: { readonly [httpStatus: number]: RejectReason } = {
  400: 'bad-request',
  401: 'unauthorized',
  403: 'unauthorized',
  413: 'too-large',
}

/** Apple's names for what has a better reason than its status tells (its documentation). */
const appleReasons: { readonly [code: string]: RejectReason } = {
  VapidPkHashMismatch: 'unauthorized',
  BadVapidPublicKey: 'unauthorized',
}

/** What an outcome is about. */
export interface OutcomeContext {
  /** The message's. */
  readonly id: string
  /** So that it can be left out of `detail`. */
  readonly endpoint: string
  readonly service: PushServiceName | undefined
  /** Milliseconds since 1970. */
  readonly now: number
}

/** Decides what a push service's answer means for a message. */
export function readOutcome(
  { httpStatus, header, body }: PushResponse,
  { id, endpoint, service, now }: OutcomeContext,
): SendOutcome {
  if (httpStatus >= 200 && httpStatus < 300) {
    const location = header('Location')
    return { status: 'accepted', id, httpStatus, ...(location && { location }) }
  }
  if (httpStatus === 404 || httpStatus === 410) return { status: 'gone', httpStatus }
  const from = service && { service }
  // WNS says 406 where others say 429 (MicrosoftDocs/windows-dev-docs#4166).
  const limited = httpStatus === 429 || httpStatus === 406
  if (limited || httpStatus === 408 || httpStatus >= 500) {
    const retryAfterMs = parseRetryAfter(header('Retry-After'), now)
    return {
      status: 'retry',
      httpStatus,
      reason: limited ? 'rate-limited' : 'service-failed',
      ...(retryAfterMs !== undefined && { retryAfterMs }),
      ...from,
    }
  }
  const said = readDetail(body)
  const detail = withoutEndpoint(said.detail || header('X-WNS-Error-Description') || '', endpoint)
  return {
    status: 'rejected',
    httpStatus,
    // A browser's fetch shows an unfollowed redirect as status 0.
    reason: httpStatus < 400 ? 'redirected' : reasonOf(httpStatus, said.code),
    ...(detail && { detail }),
    ...(said.code && { code: said.code }),
    ...from,
  }
}

function reasonOf(httpStatus: number, code: string | undefined): RejectReason {
  return appleReasons[code ?? ''] ?? rejectReasons[httpStatus] ?? 'refused'
}

/** Apple says `reason`, Mozilla `message`, Google `error.message`; others send plain text. */
function readDetail(body: string): { readonly detail: string; readonly code?: string } {
  try {
    const { reason, message, error, errno } = JSON.parse(body)
    const said = [reason, message, error?.message, error].find((text) => typeof text === 'string')
    const code = [reason, errno].find((name) => /^\w{1,40}$/.test(String(name ?? '')))
    return { detail: said ?? body, ...(code !== undefined && { code: String(code) }) }
  } catch {
    // Not JSON: the text itself is the detail.
    return { detail: body }
  }
}

/** What makes an endpoint secret is its longer parts, and a service may quote those alone. */
function withoutEndpoint(text: string, endpoint: string): string {
  let detail = text
  for (const part of [endpoint, ...endpoint.split(/[/?&=]/)]) {
    if (part.length > 15) detail = detail.replaceAll(part, '…')
  }
  return detail.trim().slice(0, 300)
}
