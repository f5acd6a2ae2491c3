import type { Audience, CampaignNotification, CampaignRequest } from './campaign.ts'

const urgencies = ['very-low', 'low', 'normal', 'high'] as const

/** What is wrong with a request, in a sentence for whoever sent it. */
export class CampaignRefused extends Error {
  override readonly name = 'CampaignRefused'
}

/**
 * Reads the body of `POST /campaigns`, already parsed as JSON. `ttl` is a day unless it is named,
 * `urgency` normal.
 *
 * @returns A new object with the known fields alone.
 * @throws CampaignRefused
 */
export function parseCampaign(value: unknown): CampaignRequest {
  const { audience, notification, ttl = 86_400, urgency = 'normal' } = fieldsOf(value, 'The body')
  const known = urgencies.find((one) => one === urgency)
  if (!known) throw new CampaignRefused(`urgency must be one of ${urgencies.join(', ')}.`)
  if (!Number.isInteger(ttl) || Number(ttl) < 1 || Number(ttl) > 2_419_200) {
    throw new CampaignRefused('ttl must be a number of seconds, four weeks at the most.')
  }
  return {
    audience: parseAudience(fieldsOf(audience, 'audience')),
    notification: parseNotification(fieldsOf(notification, 'notification')),
    ttl: Number(ttl),
    urgency: known,
  }
}

function parseAudience({ all, tag, recipient }: Record<string, unknown>): Audience {
  const named = [all, tag, recipient].filter((one) => one !== undefined)
  if (named.length === 1) {
    if (all === true) return { all }
    if (isText(tag)) return { tag }
    if (isText(recipient)) return { recipient }
  }
  throw new CampaignRefused('audience must have all: true, or a tag, or a recipient.')
}

function parseNotification(fields: Record<string, unknown>): CampaignNotification {
  const { title, body, navigate = '/' } = fields
  if (!isText(title)) throw new CampaignRefused('notification.title must be a text.')
  if (body !== undefined && !isText(body)) {
    throw new CampaignRefused('notification.body must be a text.')
  }
  if (!isText(navigate)) throw new CampaignRefused('notification.navigate must be a URL.')
  return { title, ...(body !== undefined && { body }), navigate }
}

/** Text that PostgreSQL can keep. */
function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && !/[\0\p{Surrogate}]/u.test(value)
}

function fieldsOf(value: unknown, name: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null) return value as Record<string, unknown>
  throw new CampaignRefused(`${name} must be an object.`)
}
