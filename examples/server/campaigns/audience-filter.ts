import type { Audience } from './campaign.ts'

/** Part of a statement's WHERE, and the value of its parameter. */
export interface AudienceFilter {
  readonly sql: string
  readonly value: string | null
}

/**
 * Writes the condition on a row of `subscriptions` for an audience. Each kind has a text of its own,
 * so that the database can use the index of it.
 *
 * @param parameter - The parameter that stands for the value, as `$2`. It is always in the text.
 */
export function audienceFilter(audience: Audience, parameter: string): AudienceFilter {
  if ('tag' in audience) return { sql: `tags @> ARRAY[${parameter}::text]`, value: audience.tag }
  if ('recipient' in audience)
    return { sql: `recipient = ${parameter}::text`, value: audience.recipient }
  return { sql: `${parameter}::text IS NULL`, value: null }
}
