import { createPushSender, generateVapidKeys, type PushSender } from 'pushwell/server'
import { messages } from '../messages.ts'
import type { CampaignRequest } from './campaign.ts'
import { campaignMessage } from './campaign-message.ts'

/**
 * Makes what tells whether a campaign can be sent, before it is in the database: its message is
 * written and encrypted as for a device, and goes nowhere.
 *
 * @returns It rejects with the TypeError or RangeError of a sender.
 */
export function createCampaignCheck(): (request: CampaignRequest) => Promise<void> {
  let made: Promise<readonly [PushSender<typeof messages>, string]> | undefined
  return async (request) => {
    made ??= makeProbe()
    const [probe, p256dh] = await made
    const device = { endpoint: 'https://push.example/', keys: { p256dh, auth: 'A'.repeat(22) } }
    await probe.send(device, campaignMessage(crypto.randomUUID(), request))
  }
}

async function makeProbe() {
  const keys = await generateVapidKeys()
  const probe = createPushSender({
    vapid: { subject: 'https://pushwell.example', ...keys },
    messages,
    fetch: async () => new Response(null, { status: 201 }),
  })
  // Any point on the curve will do for a device’s.
  return [probe, keys.publicKey] as const
}
