import type { IncomingHttpHeaders } from 'node:http'
import { headerParameters } from './header-parameters.ts'
import { refuse } from './refusal.ts'
import type { Refusal } from './refusal.ts'
import type { ServiceManner } from './service-manner.ts'

/** The headers of a push request that mean something to the service. */
export interface PushRequest {
  readonly ttl: number
  readonly topic?: string
  readonly urgency?: string
  readonly contentEncoding?: string
}

/** A push request, or why it is refused. */
export type PushRequestResult =
  | { readonly ok: true; readonly request: PushRequest }
  | { readonly ok: false; readonly refusal: Refusal }

/** Reads the headers of a push request (RFC 8030 §5, RFC 8188 §2) as one vendor's service does. */
export function parsePushRequest(
  headers: IncomingHttpHeaders,
  bodyLength: number,
  manner: ServiceManner,
): PushRequestResult {
  const refusal =
    refuseTtl(headers, manner) ??
    refuseTopic(headers) ??
    (manner.checksUrgency ? refuseUrgency(headers) : null) ??
    (bodyLength > 0 ? refuseEncoding(headers) : null) ??
    manner.checkHeaders?.(headers)
  if (refusal) return { ok: false, refusal }
  const { topic, urgency } = headers
  const request = {
    ttl: Math.min(Number(headers['ttl']), manner.ttl.most),
    ...(topic !== undefined && { topic: String(topic) }),
    ...(urgency !== undefined && { urgency: String(urgency) }),
    ...(bodyLength > 0 && { contentEncoding: encodingOf(headers) }),
  }
  return { ok: true, request }
}

/** Refuses an Urgency that RFC 8030 §5.3 does not name. */
export function refuseUrgency({ urgency }: IncomingHttpHeaders): Refusal | null {
  if (urgency === undefined || /^(?:very-low|low|normal|high)$/.test(String(urgency))) return null
  return refuse('urgency', 'The Urgency header is not very-low, low, normal or high.')
}

/** The content coding that a request names, in lower case; empty when it names none. */
export function encodingOf(headers: IncomingHttpHeaders): string {
  return (headers['content-encoding'] ?? '').toLowerCase()
}

function refuseTtl(headers: IncomingHttpHeaders, { ttl }: ServiceManner): Refusal | null {
  const text = String(headers['ttl'] ?? '')
  if (!/^-?\d+$/.test(text)) {
    return refuse('ttl', 'The TTL header is missing or not a whole number of seconds.')
  }
  if (Number(text) < ttl.least || Object.is(Number(text), -0)) {
    return refuse(
      'ttl-range',
      `The TTL header is negative or too small: ${ttl.least} is its least.`,
    )
  }
  return ttl.beyond === 'refused' && Number(text) > ttl.most
    ? refuse('ttl-range', `The TTL header is too large: this service takes up to ${ttl.most} s.`)
    : null
}

function refuseTopic({ topic }: IncomingHttpHeaders): Refusal | null {
  if (topic === undefined || /^[\w-]{1,32}$/.test(String(topic))) return null
  return refuse('topic', 'The Topic header is not 1 to 32 characters of base64url.')
}

function refuseEncoding(headers: IncomingHttpHeaders): Refusal | null {
  const encoding = encodingOf(headers)
  const hasSalt = hasParameter(headers['encryption'], 'salt')
  const hasKey = hasParameter(headers['crypto-key'], 'dh')
  if (encoding === 'aes128gcm') {
    if (!hasSalt && !hasKey) return null
    const reason = 'With aes128gcm the salt and the sender key stand in the body:'
    return refuse('encoding', `${reason} leave out Encryption "salt" and Crypto-Key "dh".`)
  }
  if (encoding === 'aesgcm') {
    if (hasSalt && hasKey) return null
    return refuse('encoding', 'aesgcm needs Encryption with "salt" and Crypto-Key with "dh".')
  }
  return refuse('encoding', 'A body needs the Content-Encoding aes128gcm (or the older aesgcm).')
}

function hasParameter(header: string | string[] | undefined, name: string): boolean {
  return headerParameters(String(header ?? '')).has(name)
}
