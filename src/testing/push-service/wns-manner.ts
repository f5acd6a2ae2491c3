import type { IncomingHttpHeaders } from 'node:http'
import { refuse } from './refusal.ts'
import type { Refusal } from './refusal.ts'
import type { MannerRow, ServiceManner } from './service-manner.ts'

const unauthorizedRow: MannerRow = { status: 401, code: 'The authorization is not valid.' }
const goneRow: MannerRow = { status: 410, code: 'The channel has expired.' }

/**
 * Microsoft's WNS, which Edge on Windows uses: no error bodies, the detail in `X-WNS-…` headers; 401
 * for a wrong key, and 406 where others answer 429.
 *
 * Seen in senders' reports: the three headers of a refusal, `dropped` in two of them, the refusal of
 * a TTL of 0 without `X-WNS-Cache-Policy: no-cache` with its text, 400 for a missing TTL, and 401 for
 * a wrong key. From Microsoft's documentation: 406 for its rate limit; some senders report 429
 * since 2026. From memory: the body limit (it lies between 4 and 5 kB), the headers of a push
 * that was accepted, and the other texts.
 */
export const wnsManner: ServiceManner = {
  maxBodyOctets: 5000,
  ttl: { least: 0, most: 30 * 24 * 60 * 60, beyond: 'clamped' },
  checksUrgency: false,
  checkSubject: null,
  checkHeaders: checkCachePolicy,
  rows: {
    ttl: { status: 400, code: 'The TTL header is missing or invalid.' },
    'ttl-range': { status: 400, code: 'Ttl value conflicts with X-WNS-Cache-Policy.' },
    topic: { status: 400, code: 'The Topic header is invalid.' },
    urgency: { status: 400, code: 'The Urgency header is invalid.' },
    encoding: { status: 400, code: 'The Content-Encoding is invalid.' },
    encryption: { status: 400, code: 'The encrypted body is invalid.' },
    'vapid-missing': unauthorizedRow,
    'vapid-header': unauthorizedRow,
    'vapid-token': unauthorizedRow,
    'vapid-key': unauthorizedRow,
    'vapid-mismatch': unauthorizedRow,
    'no-endpoint': { status: 404, code: 'The channel URL is not valid.' },
    'no-message': { status: 404, code: 'There is no such notification.' },
    'device-gone': goneRow,
    'subscription-gone': goneRow,
    method: { status: 405, code: 'The method is not allowed.' },
    'too-large': { status: 413, code: 'The payload exceeds the size limit.' },
    'queue-full': {
      status: 406,
      code: 'The cloud service exceeded its throttle limit.',
      headers: { 'retry-after': '120', 'x-wns-notificationstatus': 'channelthrottled' },
    },
    'service-failed': { status: 500, code: 'An internal failure has occurred.' },
  },
  codeOf: () => 'The test asked for this answer.',
  refuse: ({ status, code }, { message, isExplained }) => ({
    status,
    headers: {
      'x-wns-error-description': code,
      'x-wns-notificationstatus': 'dropped',
      'x-wns-status': 'dropped',
      ...(isExplained && { 'content-type': 'text/plain; charset=utf-8' }),
    },
    body: isExplained ? message : '',
  }),
  accept: ({ id, location, isConnected }) => ({
    status: 201,
    headers: {
      location,
      'x-wns-deviceconnectionstatus': isConnected ? 'connected' : 'disconnected',
      'x-wns-msg-id': id.replaceAll('-', '').slice(0, 16).toUpperCase(),
      'x-wns-notificationstatus': 'received',
      'x-wns-status': 'received',
    },
    body: '',
  }),
}

function checkCachePolicy(headers: IncomingHttpHeaders): Refusal | null {
  const isKept = String(headers['x-wns-cache-policy'] ?? 'cache').toLowerCase() !== 'no-cache'
  return Number(headers['ttl']) === 0 && isKept
    ? refuse('ttl-range', 'A TTL of 0 needs X-WNS-Cache-Policy: no-cache.')
    : null
}
