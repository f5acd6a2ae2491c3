import { canonicalApplicationServerKey, isP256Point } from '../shared/application-server-key.ts'
import { typeError } from '../shared/errors.ts'
import type { ClientDescription, PutSubscriptionRequest } from '../shared/protocol.ts'
import { isEndpoint, readSubscription } from '../shared/subscription.ts'
import { checkEndpoint, type EndpointPolicy } from './endpoint-policy.ts'
import { isText } from './is-text.ts'

/**
 * Reads the body of `PUT /subscriptions`, already parsed as JSON.
 *
 * @returns A new object with the known fields alone.
 * @throws TypeError, RangeError with a `code`, naming the field and fit to be shown to whoever
 * sent it.
 */
export async function parsePutRequest(
  value: unknown,
  endpoints: EndpointPolicy | undefined,
): Promise<PutSubscriptionRequest> {
  const fields = recordOf(value, 'The body')
  const { version, subscription, applicationServerKey, replaces, signedOut, tags, client } = fields
  if (version !== 1) throw invalid('version must be 1.')
  if (signedOut !== undefined && signedOut !== true)
    throw invalid('signedOut must be true or absent.')
  const { data, url, p256dh } = readSubscription(subscription)
  checkEndpoint(url, endpoints)
  if (!(await isP256Point(p256dh))) {
    throw typeError(
      'invalid-subscription',
      'subscription.keys.p256dh must be a point on the P-256 curve.',
    )
  }
  return {
    version,
    subscription: data,
    applicationServerKey: canonicalApplicationServerKey(
      // A number would be taken for the length of a buffer.
      typeof applicationServerKey === 'string' ? applicationServerKey : '',
    ),
    ...(replaces !== undefined && { replaces: parseReplaces(replaces) }),
    ...(signedOut && { signedOut }),
    ...(tags !== undefined && { tags: parseTags(tags) }),
    client: parseClient(client),
  }
}

/** As it was sent, as `readSubscription` gives endpoints, so that both hash to the same id. */
function parseReplaces(replaces: unknown): string {
  if (isEndpoint(replaces)) return replaces
  throw invalid('replaces must be the old endpoint, whole.')
}

function parseTags(tags: unknown): readonly string[] {
  const fits = Array.isArray(tags) && tags.length <= 100 && tags.every((tag) => isText(tag, 100))
  if (!fits)
    throw invalid(
      'tags must be at most 100 strings of 1 to 100 characters, without NUL or lone surrogates.',
    )
  return [...new Set<string>(tags)]
}

function parseClient(value: unknown): ClientDescription {
  const client = recordOf(value, 'client')
  const known = ['sdk', 'language', 'timeZone', 'platform'].filter(
    (field) => field === 'sdk' || client[field] !== undefined,
  )
  for (const field of known) {
    if (!isText(client[field], 200)) {
      throw invalid(
        `client.${field} must be a string of 1 to 200 characters, without NUL or lone surrogates.`,
      )
    }
  }
  const entries = known.map((field) => [field, client[field]])
  return Object.fromEntries(entries) as ClientDescription
}

function recordOf(value: unknown, name: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null) return value as Record<string, unknown>
  throw invalid(`${name} must be a JSON object.`)
}

function invalid(sentence: string): TypeError {
  return typeError('invalid-argument', sentence)
}
