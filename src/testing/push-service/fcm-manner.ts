import { STATUS_CODES } from 'node:http'
import type { MannerRow, ServiceManner } from './service-manner.ts'

const badTokenRow: MannerRow = { status: 403, code: 'invalid JWT provided' }
const goneRow: MannerRow = { status: 410, code: 'push subscription has unsubscribed or expired.' }

/**
 * Google's FCM as Chromium's endpoints show it: plain text errors, 403 for a token that is not good,
 * 4096 octets, TTLs up to 28 days.
 *
 * Seen in senders' reports: the 403 with its text, the 410 with its text and content type. From
 * memory: that a longer TTL is refused rather than clamped, 401 for missing credentials, the text
 * for a key of another subscription, and every text that is not named above.
 */
export const fcmManner: ServiceManner = {
  maxBodyOctets: 4096,
  ttl: { least: 0, most: 28 * 24 * 60 * 60, beyond: 'refused' },
  checksUrgency: false,
  checkSubject: null,
  rows: {
    ttl: { status: 400, code: 'missing or invalid TTL header' },
    'ttl-range': { status: 400, code: 'invalid TTL header: it must be from 0 to 2419200' },
    topic: { status: 400, code: 'invalid Topic header' },
    urgency: { status: 400, code: 'invalid Urgency header' },
    encoding: { status: 400, code: 'invalid Content-Encoding or encryption headers' },
    encryption: { status: 400, code: 'invalid encrypted body' },
    'vapid-missing': { status: 401, code: 'authorization header must be specified.' },
    'vapid-header': { status: 403, code: 'invalid authorization header' },
    'vapid-token': badTokenRow,
    'vapid-key': badTokenRow,
    'vapid-mismatch': {
      status: 403,
      code: 'the VAPID credentials in the authorization header do not correspond to the credentials used to create the subscriptions.',
    },
    'no-endpoint': { status: 404, code: 'A valid push subscription endpoint should be specified.' },
    'no-message': { status: 404, code: 'no such message' },
    'device-gone': goneRow,
    'subscription-gone': goneRow,
    method: { status: 405, code: 'method not allowed' },
    'too-large': { status: 413, code: 'payload too large' },
    'queue-full': {
      status: 429,
      code: 'too many messages wait for this subscription',
      headers: { 'retry-after': '120' },
    },
    'service-failed': { status: 500, code: 'internal error' },
  },
  codeOf: (status) => STATUS_CODES[status] ?? 'error',
  refuse: ({ status, code }, { message, isExplained }) => ({
    status,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' },
    body: isExplained ? `${code}: ${message}\n` : `${code}\n`,
  }),
  accept: ({ location }) => ({ status: 201, headers: { location }, body: '' }),
}
