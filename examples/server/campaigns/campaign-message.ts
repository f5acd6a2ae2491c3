import { isUserName } from '../recipient.ts'
import type { CampaignNotification, CampaignRequest } from './campaign.ts'

/** A campaign's message, as a sender takes it. */
export interface CampaignMessage {
  readonly id: string
  readonly notification: CampaignNotification
  readonly recipient?: string
}

/** Makes it. It has the campaign's id on every device: one that gets it twice shows it once. */
export function campaignMessage(
  id: string,
  { audience, notification }: CampaignRequest,
): CampaignMessage {
  // The worker compares it with who signed in there. Visitors have not.
  const isForUser = 'recipient' in audience && isUserName(audience.recipient)
  return { id, notification, ...(isForUser && { recipient: audience.recipient }) }
}
