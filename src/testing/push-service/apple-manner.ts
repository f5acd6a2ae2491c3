import type { MannerRow, ServiceManner } from './service-manner.ts'

const badTokenRow: MannerRow = { status: 403, code: 'BadJwtToken' }
const goneRow: MannerRow = { status: 410, code: 'Unregistered' }

const reasonsByStatus: Readonly<Record<number, string>> = {
  400: 'BadWebPushRequest',
  403: 'BadJwtToken',
  404: 'BadPath',
  405: 'MethodNotAllowed',
  410: 'Unregistered',
  413: 'PayloadTooLarge',
  429: 'TooManyRequests',
  500: 'InternalServerError',
  503: 'ServiceUnavailable',
}

/**
 * Apple's push service: `{ "reason": … }`, an `apns-id` on each answer to a push that was accepted,
 * a TTL that must be positive and is stored for 30 days at most, a known Urgency, and a `sub` that
 * it could write to.
 *
 * From Apple's documentation: the reasons but `Unregistered`, the statuses, the TTL and the `sub`.
 * Seen in senders' reports: 403 BadJwtToken for a token that is not good, also for a `sub` at
 * `localhost`. From memory: which status goes with BadAuthorizationHeader, BadVapidPublicKey and
 * VapidPkHashMismatch, and the reason of a 410. Apple may also answer 201 for an endpoint that is
 * dead; this service does not.
 */
export const appleManner: ServiceManner = {
  maxBodyOctets: 4096,
  ttl: { least: 1, most: 30 * 24 * 60 * 60, beyond: 'clamped' },
  checksUrgency: true,
  checkSubject: checkAppleSubject,
  rows: {
    ttl: { status: 400, code: 'BadTtl' },
    'ttl-range': { status: 400, code: 'BadTtl' },
    topic: { status: 400, code: 'BadWebPushTopic' },
    urgency: { status: 400, code: 'BadUrgency' },
    encoding: { status: 400, code: 'BadWebPushRequest' },
    encryption: { status: 400, code: 'BadWebPushRequest' },
    'vapid-missing': badTokenRow,
    'vapid-header': { status: 403, code: 'BadAuthorizationHeader' },
    'vapid-token': badTokenRow,
    'vapid-key': { status: 400, code: 'BadVapidPublicKey' },
    'vapid-mismatch': { status: 400, code: 'VapidPkHashMismatch' },
    'no-endpoint': { status: 404, code: 'BadPath' },
    'no-message': { status: 404, code: 'BadPath' },
    'device-gone': goneRow,
    'subscription-gone': goneRow,
    method: { status: 405, code: 'MethodNotAllowed' },
    'too-large': { status: 413, code: 'PayloadTooLarge' },
    'queue-full': { status: 429, code: 'TooManyRequests', headers: { 'retry-after': '120' } },
    'service-failed': { status: 500, code: 'InternalServerError' },
  },
  codeOf: (status) => reasonsByStatus[status] ?? 'BadWebPushRequest',
  refuse: ({ status, code }, { message, isExplained }) => ({
    status,
    headers: { 'content-type': 'application/json; charset=UTF-8' },
    body: JSON.stringify({ reason: code, ...(isExplained && { message }) }),
  }),
  accept: ({ id, location }) => ({
    status: 201,
    headers: { 'apns-id': id.toUpperCase(), location },
    body: '',
  }),
}

/** A URL or `mailto:`, without white space and angle brackets, and not at `localhost`. */
function checkAppleSubject(sub: unknown): string | null {
  const isContact = typeof sub === 'string' && /^(mailto:|https?:\/\/)[^\s<>]+$/.test(sub)
  if (!isContact) {
    return 'The claim "sub" is not a URL or mailto:, or holds white space or angle brackets.'
  }
  return /[@/]localhost(?![\w.-])/.test(sub)
    ? 'The claim "sub" names localhost, where nobody can be reached.'
    : null
}
