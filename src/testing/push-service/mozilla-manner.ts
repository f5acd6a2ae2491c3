import { STATUS_CODES } from 'node:http'
import type { MannerRow, ServiceManner } from './service-manner.ts'

const moreInfo = 'https://mozilla-services.github.io/autopush-rs/errors.html'

const goneHeaders = { 'cache-control': 'max-age=86400' }
const vapidRow: MannerRow = { status: 401, code: '109', headers: { 'www-authenticate': 'vapid' } }

/**
 * Mozilla's autopush: JSON errors with an `errno`, 401 for whatever is wrong with VAPID, TTLs
 * clamped to 30 days, no look at Urgency or `sub`. Read in its source (autopush-rs, July 2026).
 *
 * The body limit is RFC 8030's: autopush's own is a setting (5630 octets by default), and its
 * documentation says 4028. The errno 999 is ours, where autopush has no case.
 */
export const mozillaManner: ServiceManner = {
  maxBodyOctets: 4096,
  ttl: { least: 0, most: 30 * 24 * 60 * 60, beyond: 'clamped' },
  checksUrgency: false,
  checkSubject: null,
  rows: {
    ttl: { status: 400, code: '111' },
    'ttl-range': { status: 400, code: '114' },
    topic: { status: 400, code: '113' },
    urgency: { status: 400, code: '999' },
    encoding: { status: 400, code: '110' },
    encryption: { status: 400, code: '110' },
    'vapid-missing': vapidRow,
    'vapid-header': vapidRow,
    'vapid-token': vapidRow,
    'vapid-key': vapidRow,
    'vapid-mismatch': vapidRow,
    'no-endpoint': { status: 404, code: '102' },
    'no-message': { status: 404, code: '102' },
    'device-gone': { status: 410, code: '103', headers: goneHeaders },
    'subscription-gone': { status: 410, code: '106', headers: goneHeaders },
    method: { status: 405, code: '999' },
    'too-large': { status: 413, code: '104' },
    'queue-full': { status: 503, code: '201', headers: { 'retry-after': '120' } },
    'service-failed': { status: 500, code: '999' },
  },
  codeOf: () => '999',
  refuse({ status, code }, { message }) {
    const error = STATUS_CODES[status] ?? 'Refused'
    return {
      status,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        code: status,
        errno: Number(code),
        error,
        message,
        more_info: moreInfo,
      }),
    }
  },
  accept: ({ location, ttl }) => ({
    status: 201,
    headers: { location, ttl: String(ttl) },
    body: '',
  }),
}
