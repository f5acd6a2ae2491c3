import type { PushServiceName } from './push-service-name.ts'

/**
 * Fits the headers of a message that is to be delivered now or never to services that do not take
 * `TTL: 0` as it is. Apple answers `BadTtl` to all that is not positive (its documentation, "Sending
 * web push notifications"), so there it is the shortest time that there is. WNS wants to be told
 * that nothing is to be kept (senders' reports, 2024).
 */
export function serviceHeaders(
  service: PushServiceName | undefined,
  headers: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  if (headers['TTL'] !== '0') return headers
  if (service === 'apple') return { ...headers, TTL: '1' }
  if (service === 'wns') return { ...headers, 'X-WNS-Cache-Policy': 'no-cache' }
  return headers
}
