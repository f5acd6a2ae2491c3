import type { Urgency } from 'pushwell/server'

/** Whom a campaign is for: all subscriptions, those with a tag, or the devices of one recipient. */
export type Audience =
  | { readonly all: true }
  | { readonly tag: string }
  | { readonly recipient: string }

/** What the notification of a campaign says. */
export interface CampaignNotification {
  readonly title: string
  readonly body?: string
  /** Where a click leads: a URL of the app's own. */
  readonly navigate?: string
}

/** What somebody asks to be sent. */
export interface CampaignRequest {
  readonly audience: Audience
  readonly notification: CampaignNotification
  /** Seconds from its creation in which the campaign is of use: nothing is sent after them. */
  readonly ttl: number
  readonly urgency: Urgency
}

/**
 * - `planning`: its audience is being cut into batches; those that are there are being sent.
 * - `sending`: all batches are there.
 * - `done`: every batch is.
 * - `cancelled`: nothing more is sent.
 */
export type CampaignState = 'planning' | 'sending' | 'done' | 'cancelled'

/** What becomes of a campaign's message to one subscription. */
export type DeliveryStatus =
  /** Its push service has the message. */
  | 'accepted'
  /** The subscription has ended, and is removed. */
  | 'gone'
  /** Its push service will not take the message. */
  | 'rejected'
  /** There is nothing that can be sent to. */
  | 'failed'
  /** The campaign was over before it could be sent. */
  | 'expired'
  /** It is to be tried again. */
  | 'retry'
